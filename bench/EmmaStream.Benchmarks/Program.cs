using EmmaStream.Benchmarks;
using EmmaStream.Core.Faults;

// dotnet run -c Release --project bench/EmmaStream.Benchmarks -- VERB
switch (args)
{
    case ["torch", string weights, ..]:
        try
        {
            TorchTable.Print(weights, rounds: args.Length > 2 ? int.Parse(args[2], null) : 9);
            return 0;
        }
        catch (Fault fault)
        {
            Console.Error.WriteLine(fault.Message);
            return 3;
        }
    default:
        Console.Error.WriteLine("torch WEIGHTS [ROUNDS]   the U-Fuser on libtorch: op by op against merged, a markdown table");
        return 2;
}
