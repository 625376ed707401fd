namespace EmmaStream.Media.Sinks;

/// <summary>
/// Watches the free space where a video grows and tells when to stop, while there is still room for what the encoder holds back and for the
/// index: an mp4 without its index is lost.
/// </summary>
/// <param name="path">The growing file.</param>
internal sealed class SpaceReserve(string path)
{
    // x264 holds back up to about 60 frames (look-ahead 40, B-frames, threads); twice that, as they may be larger than the mean.
    private const int HeldBackFrames = 128;
    private const int CheckEvery = 8;
    private const long IndexBytes = 2 << 20;

    private readonly FileInfo _file = new(path);
    private readonly DriveInfo _disk = new(Path.GetDirectoryName(path)!);
    private long _frames;

    /// <summary>Counts one more frame.</summary>
    /// <returns>The free bytes if they are too few to go on; else null.</returns>
    public long? Take()
    {
        if (_frames++ % CheckEvery != 0)
            return null;
        _file.Refresh();
        long perFrame = _file.Exists ? _file.Length / _frames : 0;
        long free = _disk.AvailableFreeSpace;
        return free < IndexBytes + _frames * 64 + perFrame * HeldBackFrames ? free : null;
    }
}
