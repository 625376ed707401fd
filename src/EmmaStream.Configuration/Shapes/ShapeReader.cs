using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using EmmaStream.Configuration.Converters;

namespace EmmaStream.Configuration.Shapes;

/// <summary>Reads the shape of options from their records. What cannot be read from a file is refused here, whatever the file says.</summary>
internal sealed class ShapeReader
{
    private const BindingFlags Members = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    private readonly ConfigurationConverters _converters;
    private readonly NullabilityInfoContext _nullability = new();
    private readonly Stack<Type> _open = new();

    private ShapeReader(ConfigurationConverters converters) => _converters = converters;

    /// <summary>The shape of a root record.</summary>
    /// <exception cref="NotSupportedException">A type in it has no meaning in a file.</exception>
    public static RecordShape Read(Type root, ConfigurationConverters converters) => new ShapeReader(converters).ReadRecord(root);

    /// <summary>The name in the file of a property.</summary>
    public static string KeyOf(string property) => JsonNamingPolicy.CamelCase.ConvertName(property);

    private RecordShape ReadRecord(Type type)
    {
        if (type.IsAbstract || type.GetMethod("<Clone>$", Members) is null || type.GetConstructor(Members, []) is null)
            throw new NotSupportedException($"{type} is neither an options record with a constructor without parameters nor a type with a converter");
        if (_open.Contains(type))
            throw new NotSupportedException($"{type} contains itself; options are a tree");
        _open.Push(type);
        OptionProperty[] properties =
        [
            .. type.GetProperties(BindingFlags.Instance | BindingFlags.Public)
                .Where(p => p.SetMethod is not null && p.GetIndexParameters().Length == 0)
                .OrderBy(p => p.MetadataToken)
                .Select(ReadProperty),
        ];
        _open.Pop();
        return new RecordShape(type, properties, CheckOf(type));
    }

    private OptionProperty ReadProperty(PropertyInfo property)
    {
        Type? nullable = Nullable.GetUnderlyingType(property.PropertyType);
        bool allowsNull = nullable is not null
            || (!property.PropertyType.IsValueType && _nullability.Create(property).WriteState == NullabilityState.Nullable);
        return new OptionProperty(
            KeyOf(property.Name), property, ReadShape(nullable ?? property.PropertyType, property), allowsNull,
            property.IsDefined(typeof(RequiredMemberAttribute)));
    }

    private OptionShape ReadShape(Type type, PropertyInfo property)
    {
        if (_converters.TryFind(type) is { } converter)
            return new ValueShape(converter, OptionConstraint.Of(property, converter), Nullable.GetUnderlyingType(property.PropertyType) is not null);
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
            return new ListShape(type, ReadShape(type.GetGenericArguments()[0], property));
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>) && type.GetGenericArguments()[0] == typeof(string))
        {
            // [RegularExpression] on a dictionary is about its names.
            RegularExpressionAttribute? names = property.GetCustomAttribute<RegularExpressionAttribute>();
            OptionConstraint constraint = new() { Pattern = names?.Pattern, PatternMeaning = names?.ErrorMessage };
            OptionShape item = ReadShape(type.GetGenericArguments()[1], property);
            return new NamedShape(type, item is ValueShape value ? value with { Constraint = value.Constraint with { Pattern = null } } : item, constraint);
        }
        return ReadRecord(type);
    }

    private static MethodInfo? CheckOf(Type type)
    {
        MethodInfo? check = type.GetMethods(Members).FirstOrDefault(m => m.Name == "Problems");
        if (check is null)
            return null;
        bool fits = check.GetParameters() is [{ ParameterType: var parameter }] && parameter == typeof(string)
            && check.ReturnType.IsAssignableTo(typeof(IEnumerable<string>));
        return fits ? check : throw new NotSupportedException($"{type}.Problems is not IEnumerable<string> Problems(string path)");
    }
}
