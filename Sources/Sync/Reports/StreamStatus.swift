/// The state of one stream in the warehouse.
package struct StreamStatus: Sendable {
    package var name: String
    package var rows: Int64
    package var rejects: Int64
    package var dataAsOf: String?
    package var loadedAt: String?
    package var watermarks: [WatermarkStatus]
    /// Everything the stream holds was read whole at this time or later, or the oldest of its parts was; `nil` where it
    /// has no parts.
    package var oldestVerifiedAt: String?
    /// How many parts of the stream had which outcome, by the names of `sync.coverage`.
    package var coverage: [String: Int] = [:]
    /// Parts that could not be read, or not yet: partition and outcome.
    package var notRead: [(partition: String, outcome: String)] = []

    package init(
        name: String,
        rows: Int64 = 0,
        rejects: Int64 = 0,
        dataAsOf: String? = nil,
        loadedAt: String? = nil,
        watermarks: [WatermarkStatus] = []
    ) {
        self.name = name
        self.rows = rows
        self.rejects = rejects
        self.dataAsOf = dataAsOf
        self.loadedAt = loadedAt
        self.watermarks = watermarks
    }
}
