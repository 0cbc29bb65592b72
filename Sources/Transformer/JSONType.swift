package import JSON

/// The type of a JSON value, as drift notes name it.
package enum JSONType: String, Sendable {
    case null
    case boolean
    case number
    case string
    case array
    case object
    case invalid

    /// The type of `value`.
    package init(of value: JSONValue) {
        self =
            switch value.kind {
            case .null: .null
            case .bool: .boolean
            case .number: .number
            case .string: .string
            case .array: .array
            case .object: .object
            case .invalid: .invalid
            }
    }
}
