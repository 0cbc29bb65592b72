import Foundation
import NIOCore
import NIOHTTP1
import Testing

@testable import LMSSimulator

/// Calls a MATRIX simulator in memory, as a client with a key would.
struct MatrixCaller {
    let simulator: Simulator

    struct Answer {
        var status: Int
        var bytes: [UInt8]
        var contentType: String

        var text: String { String(decoding: bytes, as: UTF8.self) }
        var json: Any? { try? JSONSerialization.jsonObject(with: Data(bytes)) }
        var rows: [[String: Any]] { json as? [[String: Any]] ?? [] }
        var object: [String: Any] { json as? [String: Any] ?? [:] }
        var message: String? { object["message"] as? String }
        var ids: [Int] { rows.compactMap { $0["id"] as? Int } }
    }

    /// `query` stands behind key and version, as it is.
    func get(_ function: String, _ query: String = "", key: String = "fake-key", version: String? = "1") -> Answer {
        var uri = "/api/\(function)?api_key=\(key)"
        if let version { uri += "&api_version=\(version)" }
        return call("GET", query.isEmpty ? uri : uri + "&" + query)
    }

    func call(_ method: String, _ uri: String, body: String = "") -> Answer {
        let answer = simulator.answer(
            SimulatedRequest(method: method, uri: uri, headers: HTTPHeaders(), body: Array(body.utf8))
        )
        return Answer(
            status: answer.status,
            bytes: Array(answer.body.readableBytesView),
            contentType: answer.contentType
        )
    }

    /// Every row of a paged list, up to the empty page.
    func walk(_ function: String, _ query: String = "") -> [[String: Any]] {
        var rows: [[String: Any]] = []
        for page in 1... {
            let answer = get(function, query.isEmpty ? "page=\(page)" : "\(query)&page=\(page)")
            guard answer.status == 200, !answer.rows.isEmpty else { break }
            rows += answer.rows
        }
        return rows
    }

    /// The rows of one table of the truth.
    func truth(_ table: String) throws -> [[String: Any]] {
        try simulator.truth(table).split(separator: 0x0A).map {
            try #require(try JSONSerialization.jsonObject(with: Data($0)) as? [String: Any])
        }
    }
}

/// Starts a simulator over a small generated school, lends it, and stops it.
func withMatrix(
    _ shape: MatrixShape = MatrixShape(users: 80, classes: 8, learnersPerClass: 12),
    seed: UInt64 = 7,
    _ body: (Simulator, MatrixCaller) async throws -> Void
) async throws {
    let simulator = try await Simulator.start(GeneratedMatrixSchool.make(shape, seed: seed))
    do {
        try await body(simulator, MatrixCaller(simulator: simulator))
    } catch {
        try await simulator.stop()
        throw error
    }
    try await simulator.stop()
}
