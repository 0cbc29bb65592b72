/// One key accepted under a source's `options:`, declared once with its type.
///
/// What `registrar.yaml` accepts, the default, the value that a connector reads, the lines that `registrar init` writes
/// and the tables of the documentation all follow from the declaration.
package struct SourceOption<Value: Sendable>: Sendable {
    /// The declaration without its type, for the reader of `registrar.yaml` and for the documents.
    package let description: OptionDescription
    /// What holds where the configuration says nothing.
    package let standard: Value
    private let decode: @Sendable (OptionValue) -> Value?
    private let encode: @Sendable (Value) -> OptionValue?

    /// - Parameters:
    ///   - description: The declaration without its type.
    ///   - standard: What holds where the configuration says nothing.
    ///   - decode: The typed value of a configured one; `nil` where it has another shape, so that the default holds.
    ///   - encode: The configured value of a typed one.
    init(
        _ description: OptionDescription,
        standard: Value,
        decode: @escaping @Sendable (OptionValue) -> Value?,
        encode: @escaping @Sendable (Value) -> OptionValue?
    ) {
        self.description = description
        self.standard = standard
        self.decode = decode
        self.encode = encode
    }

    /// As `registrar.yaml` spells it.
    package var name: String { description.name }

    /// The value of the option among the configured `values`.
    package func value(in values: [String: OptionValue]) -> Value {
        values[name].flatMap(decode) ?? standard
    }

    /// Writes the option into `values`, as if it had been configured.
    func set(_ value: Value, in values: inout [String: OptionValue]) {
        values[name] = encode(value)
    }
}

/// The options of a kind: a structure whose stored properties are ``SourceOption``s, in the order of the documents.
protocol OptionKeys: Sendable {
    /// The one instance.
    static var declared: Self { get }
}

/// The options of one source, read by the names of their declarations: `options.visitInterval`.
@dynamicMemberLookup
struct SourceOptions<Keys: OptionKeys>: Sendable {
    private var values: [String: OptionValue]

    /// - Parameter values: What is configured, as `SourceSettings` holds it.
    init(values: [String: OptionValue]) { self.values = values }

    subscript<Value>(dynamicMember option: KeyPath<Keys, SourceOption<Value>>) -> Value {
        get { Keys.declared[keyPath: option].value(in: values) }
        set { Keys.declared[keyPath: option].set(newValue, in: &values) }
    }

    /// What `registrar.yaml` accepts under `options:`, in the order of the declarations.
    static var descriptions: [OptionDescription] {
        Mirror(reflecting: Keys.declared).children.compactMap { ($0.value as? any DescribedOption)?.description }
    }
}

/// An option of any type.
private protocol DescribedOption {
    var description: OptionDescription { get }
}

extension SourceOption: DescribedOption {}
