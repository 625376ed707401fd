namespace EmmaStream.Core.Frames;

/// <summary>Why a frame was not fused, or not used. Reports print the names in lower camel case.</summary>
public enum FrameReason
{
    /// <summary>No reason: the frame was fused or used.</summary>
    None,

    /// <summary>Passed: the partner stream's first frame is too far after this one.</summary>
    PartnerNotStarted,

    /// <summary>Passed: the partner stream ended too far before this one.</summary>
    PartnerEnded,

    /// <summary>Passed: the nearest partner is farther away than the largest skew and holding the last one was not possible.</summary>
    SkewTooLarge,

    /// <summary>Unused partner: another frame was nearer to every master frame.</summary>
    NotNearest,

    /// <summary>Unused partner: it lies after the last master frame.</summary>
    MasterEnded,

    /// <summary>Dropped: its partner, a picture of the same name, cannot be read.</summary>
    PartnerUnreadable,

    /// <summary>Unused partner: its master, a picture of the same name, cannot be read.</summary>
    MasterUnreadable,

    /// <summary>Dropped: a full live link lost its oldest.</summary>
    LinkFull,

    /// <summary>Dropped, or unused: the run ended before the frame reached the end of the way.</summary>
    RunEnded,

    /// <summary>Failed: the fuser could not fuse it.</summary>
    FuseFailed,

    /// <summary>Failed at a sink: it could not be written.</summary>
    WriteFailed,
}
