/// One parameter of a statement, with its PostgreSQL type.
package enum PostgresValue: Hashable, Sendable {
    /// NULL of a type that the statement decides.
    case null
    /// `text`; a NUL inside is refused before the statement is sent.
    case text(String)
    /// `bigint`.
    case int8(Int64)
    /// `double precision`.
    case float8(Double)
    /// `boolean`.
    case bool(Bool)
    /// `timestamptz`, in microseconds since 1970-01-01 UTC.
    case timestamptz(Int64)
    /// `jsonb`, given as JSON text.
    case jsonb(String)
    /// `numeric`, given as its exact decimal text.
    case numeric(String)
    /// `text[]`.
    case textArray([String?])
    /// `bigint[]`.
    case int8Array([Int64?])
    /// `bytea`.
    case bytea([UInt8])

    /// `text`, or NULL for `nil`.
    package init(_ value: String?) { self = value.map { .text($0) } ?? .null }

    /// `bigint`, or NULL for `nil`.
    package init(_ value: Int64?) { self = value.map { .int8($0) } ?? .null }

    /// `bigint`, or NULL for `nil`.
    package init(_ value: Int?) { self = value.map { .int8(Int64($0)) } ?? .null }

    /// `boolean`, or NULL for `nil`.
    package init(_ value: Bool?) { self = value.map { .bool($0) } ?? .null }
}
