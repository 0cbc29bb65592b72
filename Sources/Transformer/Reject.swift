package import Records

/// A record that could not be transformed, as it goes to `sync.rejects`.
package struct Reject: Sendable, Equatable {
    /// The stream that brought the record.
    package var stream: String
    /// The record's id on the platform, where it has a readable one; parts of a composite key are joined by `/`.
    package var naturalKey: String?
    /// What is wrong, from the closed vocabulary.
    package var cause: RejectCause
    /// The field it is wrong with, as the platform names it; empty where no single field is at fault.
    package var field: String
    /// The record without everything that may not be kept: allow-listed fields only.
    package var payload: JSONText?

    /// The cause and the field, never a value: `missing key: user.id`.
    package var reason: String {
        field.isEmpty ? cause.rawValue : "\(cause.rawValue): \(field)"
    }

    package init(
        stream: String,
        naturalKey: String? = nil,
        cause: RejectCause,
        field: String = "",
        payload: JSONText? = nil
    ) {
        self.stream = stream
        self.naturalKey = naturalKey
        self.cause = cause
        self.field = field
        self.payload = payload
    }
}
