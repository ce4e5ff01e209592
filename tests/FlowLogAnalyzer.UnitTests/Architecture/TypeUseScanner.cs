using System.Reflection;

namespace FlowLogAnalyzer.Tests.Architecture;

/// <summary>
/// Finds every type that a type mentions: bases, interfaces, fields, signatures, and what its methods' IL names.
/// What the compiler makes (state machines, closures) counts for the type it was made for.
/// </summary>
public static class TypeUseScanner
{
    private const BindingFlags Everything =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    public static IEnumerable<TypeUse> Scan(IEnumerable<Type> types) =>
        types.SelectMany(type => UsedBy(type).SelectMany(Unwrap).Distinct().Select(used => new TypeUse(type, used)));

    private static IEnumerable<Type> UsedBy(Type type)
    {
        if (type.BaseType is { } parent)
            yield return parent;
        foreach (var contract in type.GetInterfaces())
            yield return contract;
        foreach (var field in type.GetFields(Everything))
            yield return field.FieldType;
        foreach (var method in type.GetMethods(Everything).Cast<MethodBase>().Concat(type.GetConstructors(Everything)))
        {
            foreach (var used in InSignature(method).Concat(InBody(method)))
                yield return used;
        }
    }

    private static IEnumerable<Type> InSignature(MethodBase method)
    {
        var types = method.GetParameters().Select(p => p.ParameterType);
        return method is MethodInfo info ? types.Append(info.ReturnType) : types;
    }

    private static IEnumerable<Type> InBody(MethodBase method)
    {
        if (method.GetMethodBody() is not { } body)
            return [];

        var named = IlReader.Tokens(body.GetILAsByteArray() ?? []).SelectMany(token => Resolve(method, token));
        return body.LocalVariables.Select(local => local.LocalType).Concat(named)
            .Concat(body.ExceptionHandlingClauses.Where(c => c.Flags == ExceptionHandlingClauseOptions.Clause).Select(c => c.CatchType!));
    }

    private static IEnumerable<Type> Resolve(MethodBase method, int token)
    {
        var typeArguments = method.DeclaringType is { IsGenericType: true } owner ? owner.GetGenericArguments() : null;
        var methodArguments = method.IsGenericMethod ? method.GetGenericArguments() : null;
        return method.Module.ResolveMember(token, typeArguments, methodArguments) switch
        {
            Type type => [type],
            FieldInfo field => [field.DeclaringType!, field.FieldType],
            MethodInfo called => [called.DeclaringType!, .. InSignature(called), .. called.IsGenericMethod ? called.GetGenericArguments() : []],
            ConstructorInfo called => [called.DeclaringType!, .. InSignature(called)],
            _ => [],
        };
    }

    /// <summary>The types inside arrays, pointers, references and generic arguments.</summary>
    private static IEnumerable<Type> Unwrap(Type? type)
    {
        if (type is null || type.IsGenericParameter)
            return [];
        if (type.HasElementType)
            return Unwrap(type.GetElementType());
        if (!type.IsGenericType || type.IsGenericTypeDefinition)
            return [type];

        return type.GetGenericArguments().SelectMany(Unwrap).Append(type.GetGenericTypeDefinition());
    }
}
