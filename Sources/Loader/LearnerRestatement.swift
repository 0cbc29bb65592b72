/// Takes from what is stored of a source's persons what is no longer in the form that its settings ask for.
package struct LearnerRestatement: Sendable, Equatable {
    /// Columns of `lms.learners` that become null.
    package var emptied: [String]
    /// The members of `custom_fields` that stay; `nil` for all.
    package var keptFields: [String]?

    /// Whether the text that may name a person becomes null: descriptions and details of events, answers.
    package var emptiesFreeText: Bool

    package init(emptied: [String], keptFields: [String]?, emptiesFreeText: Bool) {
        (self.emptied, self.keptFields, self.emptiesFreeText) = (emptied, keptFields, emptiesFreeText)
    }

    /// Whether no row is touched.
    package var isEmpty: Bool { emptied.isEmpty && keptFields == nil && !emptiesFreeText }
}
