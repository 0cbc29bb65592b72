/// A JSON document as text, canonical and ready for a jsonb column.
///
/// Written by our own serializer from visited values, never copied from an answer, so PostgreSQL always reads it.
package struct JSONText: Hashable, Sendable {
    /// The document.
    package var text: String

    /// Takes the text of one JSON document.
    package init(_ text: String) {
        self.text = text
    }
}
