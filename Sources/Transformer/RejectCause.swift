/// Why a record could not be transformed: a closed vocabulary, so that rejects can be grouped.
package enum RejectCause: String, Sendable, CaseIterable {
    /// The list held something other than an object.
    case notAnObject = "not an object"
    /// One of the record's objects holds a name twice; which value is meant is unknown.
    case duplicateKey = "duplicate key"
    /// A value that is no JSON, such as `tru`.
    case invalidValue = "invalid value"
    /// Nested deeper than 64 levels.
    case tooDeep = "nested too deep"
    /// A text longer than 1 MiB.
    case textTooLong = "text too long"
    /// A name inside the record held U+0000 or a lone surrogate.
    case damagedName = "damaged name"
    /// A part of the primary key is missing, null or empty.
    case missingKey = "missing key"
    /// A part of the primary key has a type that names nothing.
    case keyOfWrongType = "key of wrong type"
    /// A part of the primary key held U+0000 or a lone surrogate.
    case damagedKey = "damaged key"
    /// A part of the primary key is longer than an index entry can be.
    case keyTooLong = "key too long"
    /// A part of the primary key carries a secret of the source.
    case secretInKey = "secret in key"
    /// A time that the key or a watermark rests on is missing or outside its window.
    case unusableTime = "unusable time"
}
