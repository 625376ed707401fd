using System.Globalization;
using EmmaStream.Core.Faults;
using FFMpegCore;
using FFMpegCore.Enums;

namespace EmmaStream.Media.Ffmpeg;

/// <summary>ffmpeg alone averaging two videos of equal size: what the pipeline is measured against.</summary>
public static class FfmpegBlend
{
    /// <summary>Writes the mean of two videos with libx264.</summary>
    /// <param name="first">A video.</param>
    /// <param name="second">A video of the same size.</param>
    /// <param name="output">The file to write; replaced if it exists.</param>
    /// <param name="preset">The encoder's preset.</param>
    /// <param name="crf">Its constant rate factor, 0 to 51.</param>
    /// <exception cref="Fault">ffmpeg failed.</exception>
    public static async Task RunAsync(string first, string second, string output, string preset, int crf)
    {
        string filter = string.Create(CultureInfo.InvariantCulture, $"-filter_complex blend=all_mode=average -preset {preset} -crf {crf} -pix_fmt yuv420p");
        bool done = await FFMpegArguments.FromFileInput(first).AddFileInput(second)
            .OutputToFile(output, overwrite: true, options => options.WithCustomArgument(filter).WithVideoCodec(VideoCodec.LibX264).WithFastStart())
            .ProcessAsynchronously(throwOnError: false).ConfigureAwait(false) is { Success: true };
        if (!done)
            throw Fault.Output($"{output}: ffmpeg could not blend {first} and {second}");
    }
}
