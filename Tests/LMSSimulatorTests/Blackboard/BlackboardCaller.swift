import Foundation
import NIOCore
import NIOHTTP1
import Testing

@testable import LMSSimulator

/// Calls a Blackboard Learn simulator in memory, as a client with a token would.
struct BlackboardCaller {
    let simulator: Simulator
    var token = ""

    init(_ simulator: Simulator) {
        self.simulator = simulator
        token = mint().object["access_token"] as? String ?? ""
    }

    func call(_ method: String, _ uri: String, headers: [(String, String)]? = nil, body: String = "") -> Caller.Answer {
        let request = SimulatedRequest(
            method: method,
            uri: uri,
            headers: HTTPHeaders(headers ?? [("Authorization", "Bearer \(token)"), ("Host", "localhost:1")]),
            body: Array(body.utf8)
        )
        let answer = simulator.answer(request)
        return Caller.Answer(
            status: answer.status,
            bytes: Array(answer.body.readableBytesView),
            headers: answer.headers
        )
    }

    func get(_ path: String) -> Caller.Answer {
        call("GET", "/learn/api/public/" + path)
    }

    func mint(
        secret: String = "fake-secret",
        body: String = "grant_type=client_credentials",
        type: String = "application/x-www-form-urlencoded"
    ) -> Caller.Answer {
        let credentials = Data("fake-client:\(secret)".utf8).base64EncodedString()
        return call(
            "POST",
            "/learn/api/public/v1/oauth2/token",
            headers: [("Authorization", "Basic \(credentials)"), ("Content-Type", type)],
            body: body
        )
    }

    /// Every row of a list, by following `nextPage`; an answer without a list is an empty one.
    func walk(_ path: String) -> [[String: Any]] {
        var rows: [[String: Any]] = []
        var answer = get(path)
        for _ in 0..<1000 {
            rows += answer.results
            guard let next = answer.nextPage else { return rows }
            answer = call("GET", next)
        }
        return rows
    }

    /// The rows of one table of the truth.
    func truth(_ table: String) throws -> [[String: Any]] {
        try simulator.truth(table).split(separator: 0x0A).map {
            try #require(try JSONSerialization.jsonObject(with: Data($0)) as? [String: Any])
        }
    }

    /// A course with members and grades, and its first column with grades.
    func gradedColumn() throws -> (course: String, column: String) {
        let grade = try #require(
            try truth("grades").first {
                $0["parent_course_id"] is NSNull && !($0["assessment_id"] as? String ?? "c").hasPrefix("c")
            }
        )
        return (try #require(grade["course_id"] as? String), try #require(grade["assessment_id"] as? String))
    }
}

extension Caller.Answer {
    var results: [[String: Any]] { object["results"] as? [[String: Any]] ?? [] }
    var nextPage: String? { (object["paging"] as? [String: Any])?["nextPage"] as? String }
    var message: String? { object["message"] as? String }
    var text: String { String(decoding: bytes, as: UTF8.self) }

    func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
}

/// Starts a simulator over a small generated site, lends it, and stops it.
func withBlackboard(
    _ shape: GeneratedBlackboardSchool.Shape = .init(),
    seed: UInt64 = 7,
    _ body: (Simulator, BlackboardCaller) async throws -> Void
) async throws {
    let simulator = try await Simulator.start(GeneratedBlackboardSchool.make(shape, seed: seed))
    do {
        try await body(simulator, BlackboardCaller(simulator))
    } catch {
        try await simulator.stop()
        throw error
    }
    try await simulator.stop()
}
