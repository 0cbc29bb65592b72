/// The two products that speak this API, and the names in which they differ.
package enum LearnWorldsProduct: String, Sendable, CaseIterable {
    case grow, learnworlds

    /// The header that names the client on every call.
    var clientHeader: String { self == .grow ? "Pl-Client" : "Lw-Client" }
    /// The event log's own path below `/v2`.
    var eventPath: String { self == .grow ? "eventlogs" : "event-logs" }
    /// The other product's spelling of it.
    var otherEventPath: String { self == .grow ? "event-logs" : "eventlogs" }
    /// Whether good answers carry `success: true`.
    var saysSuccess: Bool { self == .grow }
    /// Seconds a token lives.
    var tokenLife: Double { self == .grow ? 31_536_000 : 8000 }
}
