using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace EmmaStream.Fusion.Weights;

/// <summary>
/// Runs the few pickle opcodes that <c>torch.save</c> needs for a state_dict (protocols 2 to 4) over bytes in memory and refuses every
/// other one by number, every unknown callable by name. Opcodes as in CPython's Lib/pickle.py. Work and memory are bounded by the input.
/// </summary>
internal sealed class PickleInterpreter(ReadOnlyMemory<byte> pickle)
{
    private static readonly object Mark = new();

    private readonly List<object?> _stack = [];
    private readonly Dictionary<uint, object?> _memo = [];
    private readonly TorchObjects _objects = new();
    private int _at;

    /// <summary>Bytes consumed so far; the legacy format has several pickles one after the other.</summary>
    public int Consumed => _at;

    /// <summary>Runs to the STOP opcode.</summary>
    /// <exception cref="MalformedWeights">Damaged, or more than a state_dict needs.</exception>
    public object? Run()
    {
        byte opcode;
        while ((opcode = Byte()) != (byte)'.')
        {
            if (!Constant(opcode) && !Container(opcode) && !MemoAndCall(opcode))
                throw new MalformedWeights($"the pickle in it uses opcode 0x{opcode:x2}, which no state_dict needs; refused");
        }
        return Pop();
    }

    private bool Constant(byte opcode)
    {
        switch (opcode)
        {
            case (byte)'N': _stack.Add(null); break;
            case 0x88: _stack.Add(true); break;
            case 0x89: _stack.Add(false); break;
            case (byte)'K': _stack.Add((long)Byte()); break;
            case (byte)'M': _stack.Add((long)BinaryPrimitives.ReadUInt16LittleEndian(Bytes(2))); break;
            case (byte)'J': _stack.Add((long)BinaryPrimitives.ReadInt32LittleEndian(Bytes(4))); break;
            case 0x8a: PushLong(Byte()); break;
            case (byte)'G': _stack.Add(BinaryPrimitives.ReadDoubleBigEndian(Bytes(8))); break;
            case (byte)'X' or (byte)'T': _stack.Add(Text(UInt32())); break;
            case 0x8c or (byte)'U': _stack.Add(Text(Byte())); break;
            default: return false;
        }
        return true;
    }

    private bool Container(byte opcode)
    {
        switch (opcode)
        {
            case (byte)'(': _stack.Add(Mark); break;
            case (byte)'}': _stack.Add(new PickleDictionary()); break;
            case (byte)']': _stack.Add(new List<object?>()); break;
            case (byte)')': _stack.Add(new PickleTuple([])); break;
            case (byte)'t': _stack.Add(new PickleTuple(PopToMark())); break;
            case 0x85 or 0x86 or 0x87: _stack.Add(new PickleTuple(PopMany(opcode - 0x84))); break;
            case (byte)'s': SetItems(PopMany(2)); break;
            case (byte)'u': SetItems(PopToMark()); break;
            case (byte)'a': Append(PopMany(1)); break;
            case (byte)'e': Append(PopToMark()); break;
            default: return false;
        }
        return true;
    }

    private bool MemoAndCall(byte opcode)
    {
        switch (opcode)
        {
            case 0x80: Byte(); break;                                    // PROTO
            case 0x95: Bytes(8); break;                                  // FRAME
            case (byte)'q': _memo[Byte()] = Top<object?>(); break;
            case (byte)'r': _memo[UInt32()] = Top<object?>(); break;
            case 0x94: _memo[(uint)_memo.Count] = Top<object?>(); break;
            case (byte)'h': _stack.Add(Recall(Byte())); break;
            case (byte)'j': _stack.Add(Recall(UInt32())); break;
            case (byte)'c': _stack.Add(TorchObjects.Admit(new(Line(), Line()))); break;
            case 0x93:
                string name = Pop<string>();
                _stack.Add(TorchObjects.Admit(new(Pop<string>(), name)));
                break;
            case (byte)'Q': _stack.Add(_objects.Storage(Pop<PickleTuple>().Items)); break;
            case (byte)'R':
                PickleTuple arguments = Pop<PickleTuple>();
                _stack.Add(TorchObjects.Call(Pop<PickleGlobal>(), arguments.Items));
                break;
            case (byte)'b':                                              // BUILD: the _metadata of an OrderedDict, not needed
                Pop();
                Top<PickleDictionary>();
                break;
            default: return false;
        }
        return true;
    }

    private void SetItems(object?[] items)
    {
        if (items.Length % 2 != 0)
            throw Damaged();
        PickleDictionary dictionary = Top<PickleDictionary>();
        for (int i = 0; i < items.Length; i += 2)
            dictionary.Set(items[i], items[i + 1]);
    }

    private void Append(object?[] items) => Top<List<object?>>().AddRange(items);

    private object? Pop()
    {
        if (_stack.Count == 0 || ReferenceEquals(_stack[^1], Mark))
            throw Damaged();
        object? value = _stack[^1];
        _stack.RemoveAt(_stack.Count - 1);
        return value;
    }

    private T Pop<T>() => Pop() is T value ? value : throw Damaged();

    private object?[] PopMany(int count)
    {
        object?[] items = new object?[count];
        for (int i = count - 1; i >= 0; i--)
            items[i] = Pop();
        return items;
    }

    private object?[] PopToMark()
    {
        int mark = _stack.LastIndexOf(Mark);
        if (mark < 0)
            throw Damaged();
        object?[] items = [.. _stack.Skip(mark + 1)];
        _stack.RemoveRange(mark, _stack.Count - mark);
        return items;
    }

    private T Top<T>()
    {
        if (_stack.Count == 0 || ReferenceEquals(_stack[^1], Mark))
            throw Damaged();
        return _stack[^1] is T value ? value : default(T) is null && _stack[^1] is null ? default! : throw Damaged();
    }

    private object? Recall(uint index) => _memo.TryGetValue(index, out object? value) ? value : throw Damaged();

    private byte Byte() => Bytes(1)[0];

    private uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4));

    private ReadOnlySpan<byte> Bytes(uint count)
    {
        if (count > pickle.Length - _at)
            throw new MalformedWeights("truncated: the pickle ends in the middle");
        ReadOnlySpan<byte> bytes = pickle.Span.Slice(_at, (int)count);
        _at += (int)count;
        return bytes;
    }

    private string Text(uint count) => Encoding.UTF8.GetString(Bytes(count));

    private string Line()
    {
        int length = pickle.Span[_at..].IndexOf((byte)'\n');
        if (length < 0)
            throw new MalformedWeights("truncated: the pickle ends in the middle");
        string line = Text((uint)length);
        _at++;
        return line;
    }

    /// <summary>LONG1; only the magic number of the legacy format is larger than a long.</summary>
    private void PushLong(byte count)
    {
        BigInteger value = new(Bytes(count));
        if (value >= long.MinValue && value <= long.MaxValue)
            _stack.Add((long)value);
        else
            _stack.Add(value);
    }

    private static MalformedWeights Damaged() => new("damaged: the pickle in it makes no sense");
}
