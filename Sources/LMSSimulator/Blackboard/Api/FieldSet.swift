/// The members that a `fields` parameter names: `id,contact.email` keeps the id and of the contact its address.
struct FieldSet: Sendable {
    private var members: [String: FieldSet] = [:]

    /// A set of dotted paths.
    init(_ paths: [String]) {
        for path in paths { insert(path.split(separator: ".")[...]) }
    }

    /// The value of a `fields` parameter, or nil where there is none.
    init?(parameter: String?) {
        guard let parameter, !parameter.isEmpty else { return nil }
        self.init(parameter.split(separator: ",").map { $0.trimmingPrefix { $0 == " " } }.map(String.init))
    }

    private mutating func insert(_ path: ArraySlice<Substring>) {
        guard let first = path.first else { return }
        var child = members[String(first)] ?? FieldSet([])
        child.insert(path.dropFirst())
        members[String(first)] = child
    }

    /// Nothing is named below: the whole value is meant.
    var isWhole: Bool { members.isEmpty }

    /// What is named below a member; nil where the member itself is not named.
    subscript(_ name: StaticString) -> FieldSet? { members[name.description] }

    /// What is named below a member that comes from a parameter.
    subscript(_ name: String) -> FieldSet? { members[name] }
}
