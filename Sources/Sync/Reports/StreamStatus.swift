/// The state of one stream in the warehouse.
package struct StreamStatus: Sendable {
    package var name: String
    package var rows: Int64
    package var rejects: Int64
    package var dataAsOf: String?
    package var loadedAt: String?
    package var watermarks: [WatermarkStatus]

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
