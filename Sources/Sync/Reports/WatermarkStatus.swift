/// Where one partition of a stream stands.
package struct WatermarkStatus: Sendable {
    /// `''` is the whole stream.
    package var partition: String
    /// The position as JSON text, as stored.
    package var position: String
    package var dataAsOf: String?

    package init(partition: String, position: String, dataAsOf: String? = nil) {
        self.partition = partition
        self.position = position
        self.dataAsOf = dataAsOf
    }
}
