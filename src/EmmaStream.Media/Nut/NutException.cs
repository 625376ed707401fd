namespace EmmaStream.Media.Nut;

/// <summary>A NUT stream broke the format's rules or ended too early; it cannot be read any further.</summary>
/// <param name="message">What was wrong.</param>
internal sealed class NutException(string message) : IOException($"NUT: {message}");
