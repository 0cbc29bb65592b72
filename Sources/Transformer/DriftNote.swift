/// A field that did not look as expected, as it goes to `sync.schema_drift`.
///
/// Two kinds of surprise end here: a field nobody knows, and a known one whose value had to be normalised
/// (`kept`) or voided (not `kept`).
package struct DriftNote: Hashable, Sendable {
    /// The stream that brought the field.
    package var stream: String
    /// The field's path as the platform names it, such as `user.id` or `sections[].learningUnits[].icon`.
    package var field: String
    /// What the value was: `null`, `boolean`, `number`, `string`, `array` or `object`.
    package var jsonType: String
    /// Whether something of the value was stored.
    package var kept: Bool

    package init(stream: String, field: String, jsonType: String, kept: Bool) {
        self.stream = stream
        self.field = field
        self.jsonType = jsonType
        self.kept = kept
    }
}
