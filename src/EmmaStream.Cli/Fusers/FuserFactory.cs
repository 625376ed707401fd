using EmmaStream.Cli.Options;
using EmmaStream.Core.Faults;
using EmmaStream.Fusion;
using Serilog;
namespace EmmaStream.Cli.Fusers;
internal static class FuserFactory
{
    public static IFuser Create(FusionOptions options, ILogger log) => new Temp();
    sealed class Temp : IFuser { public string Name => "temp"; public int SmallestSide => 1; public void Dispose() {} public void Fuse(ReadOnlySpan<FusionJob> jobs) { foreach (var j in jobs) for (int y = 0; y < j.Fused.Height; y++) for (int x = 0; x < j.Fused.Width; x++) j.Fused.Row(y)[x] = (j.Infrared.Row(y)[x] + j.Visible.Row(y)[x]) / 2; } }
}
