/// A type that a record's property may have; it decides the column's type and how the field is written.
///
/// `String` and `Timestamp` stand in keys and are never null; everything else a record holds is optional.
package protocol ColumnValue: Sendable {
    /// How a value of this type becomes a field of a COPY row.
    static var fieldEncoding: FieldEncoding { get }
}

/// A type whose optional may be a record's property.
package protocol NullableColumnValue: Sendable {
    /// How an optional of this type becomes a field of a COPY row.
    static var nullableFieldEncoding: FieldEncoding { get }
}

/// How the value found in a record's memory becomes a field of a COPY row.
package enum FieldEncoding: Sendable {
    case requiredText
    case requiredTimestamp
    case text
    case timestamp
    case numeric
    case bigint
    case integer
    case boolean
    case jsonb
    case textArray

    /// The column type that holds such a field.
    package var columnType: ColumnType {
        switch self {
        case .requiredText, .text: .text
        case .requiredTimestamp, .timestamp: .timestamptz
        case .numeric: .numeric
        case .bigint: .bigint
        case .integer: .integer
        case .boolean: .boolean
        case .jsonb: .jsonb
        case .textArray: .textArray
        }
    }

    /// Whether the field is never null, which makes its column part of the key.
    package var isRequired: Bool {
        switch self {
        case .requiredText, .requiredTimestamp: true
        default: false
        }
    }
}

extension String: ColumnValue, NullableColumnValue {
    package static var fieldEncoding: FieldEncoding { .requiredText }
    package static var nullableFieldEncoding: FieldEncoding { .text }
}

extension Timestamp: ColumnValue, NullableColumnValue {
    package static var fieldEncoding: FieldEncoding { .requiredTimestamp }
    package static var nullableFieldEncoding: FieldEncoding { .timestamp }
}

extension Optional: ColumnValue where Wrapped: NullableColumnValue {
    package static var fieldEncoding: FieldEncoding { Wrapped.nullableFieldEncoding }
}

extension Numeric: NullableColumnValue {
    package static var nullableFieldEncoding: FieldEncoding { .numeric }
}

extension Int64: NullableColumnValue {
    package static var nullableFieldEncoding: FieldEncoding { .bigint }
}

extension Int32: NullableColumnValue {
    package static var nullableFieldEncoding: FieldEncoding { .integer }
}

extension Bool: NullableColumnValue {
    package static var nullableFieldEncoding: FieldEncoding { .boolean }
}

extension JSONText: NullableColumnValue {
    package static var nullableFieldEncoding: FieldEncoding { .jsonb }
}

extension [String]: NullableColumnValue {
    package static var nullableFieldEncoding: FieldEncoding { .textArray }
}
