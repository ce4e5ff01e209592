namespace FlowLogAnalyzer.Tests.Architecture;

/// <summary>That one type mentions another, in a signature, in the body of a method or in an attribute-free declaration.</summary>
public sealed record TypeUse(Type User, Type Used)
{
    public override string ToString() => $"{User.FullName} uses {Used.FullName}";
}
