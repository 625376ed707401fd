using System.Globalization;
using EmmaStream.Core.Faults;
using EmmaStream.Training.Losses;

namespace EmmaStream.Training.Running;

/// <summary>Means of the loss terms over some steps, as rows of losses.csv: phase, step, term, value. Rows after the step of a resumed run are dropped.</summary>
internal sealed class LossLog
{
    /// <summary>Steps in a row.</summary>
    public const int Span = 20;

    private const string Header = "phase,step,term,value";

    private readonly string _path;
    private readonly Dictionary<string, (double Sum, int Count)> _terms = [];
    private readonly List<LossPoint> _points = [];

    /// <param name="path">losses.csv.</param>
    /// <param name="phases">Names of the phases, in order.</param>
    /// <param name="state">Where the run begins.</param>
    public LossLog(string path, IReadOnlyList<string> phases, RunState state)
    {
        _path = path;
        if (File.Exists(path))
            _points.AddRange(File.ReadLines(path).Skip(1).Select(LossPoint.Parse).OfType<LossPoint>().Where(point => IsBefore(point, phases, state)));
        Write(() => File.WriteAllLines(path, [Header, .. _points.Select(point => point.ToString())]));
    }

    /// <summary>All rows.</summary>
    public IReadOnlyList<LossPoint> Points => _points;

    /// <summary>The mean total of the last full row; NaN before.</summary>
    public double Recent { get; private set; } = double.NaN;

    public void Add(string phase, int step, LossTerms terms)
    {
        Sum("total", terms.Total);
        foreach ((string name, double value) in terms.Terms)
            Sum(name, value);
        if (step % Span != 0)
            return;
        LossPoint[] points = [.. _terms.Select(t => new LossPoint(phase, step, t.Key, t.Value.Sum / t.Value.Count))];
        _terms.Clear();
        _points.AddRange(points);
        Recent = points[0].Value;
        Write(() => File.AppendAllLines(_path, points.Select(point => point.ToString())));
    }

    private void Sum(string name, double value)
    {
        (double sum, int count) = _terms.GetValueOrDefault(name);
        _terms[name] = (sum + value, count + 1);
    }

    private static bool IsBefore(LossPoint point, IReadOnlyList<string> phases, RunState state)
    {
        int phase = phases.ToList().IndexOf(point.Phase);
        return phase >= 0 && (phase < state.Phase || (phase == state.Phase && point.Step <= state.Step));
    }

    private void Write(Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Fault.Output($"{_path}: cannot be written ({e.Message}); the last checkpoint is whole. Make room and go on with --resume", e);
        }
    }
}

/// <summary>A row of losses.csv.</summary>
internal sealed record LossPoint(string Phase, int Step, string Term, double Value)
{
    public static LossPoint? Parse(string line) =>
        line.Split(',') is [string phase, string step, string term, string value]
        && int.TryParse(step, CultureInfo.InvariantCulture, out int number) && double.TryParse(value, CultureInfo.InvariantCulture, out double amount)
            ? new LossPoint(phase, number, term, amount)
            : null;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Phase},{Step},{Term},{Value:G9}");
}
