import Foundation
import NIOCore
import NIOHTTP1
import Testing

@testable import LMSSimulator

/// Calls a simulator in memory, as a client with a token would.
struct Caller {
    let simulator: Simulator
    let product: LearnWorldsProduct
    var token = ""

    struct Answer {
        var status: Int
        var bytes: [UInt8]
        var headers: [(name: String, value: String)]

        var object: [String: Any] {
            (try? JSONSerialization.jsonObject(with: Data(bytes))) as? [String: Any] ?? [:]
        }
        var rows: [[String: Any]] { object["data"] as? [[String: Any]] ?? [] }
        var meta: [String: Int] { object["meta"] as? [String: Int] ?? [:] }
        var context: String? { (object["errors"] as? [[String: Any]])?.first?["context"] as? String }
    }

    init(_ simulator: Simulator, _ product: LearnWorldsProduct = .grow) {
        self.simulator = simulator
        self.product = product
        token = (mint().object["tokenData"] as? [String: Any])?["access_token"] as? String ?? ""
    }

    func call(
        _ method: String,
        _ uri: String,
        headers: [(String, String)]? = nil,
        body: String = ""
    ) -> Answer {
        let standard = [(product.clientHeader, "fake-client"), ("Authorization", "Bearer \(token)")]
        let request = SimulatedRequest(
            method: method,
            uri: uri,
            headers: HTTPHeaders(headers ?? standard),
            body: Array(body.utf8)
        )
        let answer = simulator.answer(request)
        return Answer(status: answer.status, bytes: Array(answer.body.readableBytesView), headers: answer.headers)
    }

    func get(_ path: String) -> Answer {
        call("GET", "/admin/api/v2/" + path)
    }

    func mint(
        body: String? = nil,
        type: String = "application/x-www-form-urlencoded",
        secret: String = "fake-secret"
    ) -> Answer {
        let json =
            "{\"client_id\":\"fake-client\",\"client_secret\":\"\(secret)\",\"grant_type\":\"client_credentials\"}"
        let encoded = json.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        return call(
            "POST",
            "/admin/api/oauth2/access_token",
            headers: [(product.clientHeader, "fake-client"), ("Content-Type", type)],
            body: body ?? "data=" + encoded
        )
    }

    /// Every row of a list, by the rule of Sources/Platforms/LearnWorlds/README.md §2 for the end of a walk; a 404 is
    /// an empty list.
    func walk(_ path: String) -> [[String: Any]] {
        var rows: [[String: Any]] = []
        var page = 1
        while true {
            let answer = get(path + (path.contains("?") ? "&" : "?") + "page=\(page)")
            guard answer.status == 200 else { return rows }
            rows += answer.rows
            guard let last = answer.meta["totalPages"], page < last else { return rows }
            page += 1
        }
    }

    /// The rows of one table of the truth.
    func truth(_ table: String) throws -> [[String: Any]] {
        try simulator.truth(table).split(separator: 0x0A).map {
            try #require(try JSONSerialization.jsonObject(with: Data($0)) as? [String: Any])
        }
    }
}

/// Starts a simulator over a small generated school, lends it, and stops it.
func withSimulator(
    _ shape: GeneratedSchool.Shape = GeneratedSchool.Shape(learners: 60),
    kind: LearnWorldsProduct = .grow,
    _ body: (Simulator, Caller) async throws -> Void
) async throws {
    let simulator = try await Simulator.start(GeneratedSchool.make(shape, seed: 7), .init(kind: kind))
    do {
        try await body(simulator, Caller(simulator, kind))
    } catch {
        try await simulator.stop()
        throw error
    }
    try await simulator.stop()
}
