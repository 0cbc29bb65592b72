/// One record that could not be transformed.
package struct RejectRow: Sendable {
    package var rejectID: Int64
    package var sourceID: String
    package var stream: String
    package var naturalKey: String?
    package var reason: String
    package var rejectedAt: String

    package init(
        rejectID: Int64,
        sourceID: String,
        stream: String,
        naturalKey: String?,
        reason: String,
        rejectedAt: String
    ) {
        self.rejectID = rejectID
        self.sourceID = sourceID
        self.stream = stream
        self.naturalKey = naturalKey
        self.reason = reason
        self.rejectedAt = rejectedAt
    }
}
