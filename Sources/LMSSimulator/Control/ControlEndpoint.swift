import Foundation
import NIOCore

/// The control paths below `/_control`, on the API's own port; they need no credentials and are never counted.
///
/// | call | does |
/// |---|---|
/// | `GET state` | clock, counts of the school |
/// | `GET truth/{table}` | ground truth as NDJSON; `GET truth` lists the tables |
/// | `GET requests`, `POST requests/reset` (`{"recent": 100}`) | counts by route, busiest windows |
/// | `POST clock` (`{"advance": 3600}`) | moves time |
/// | `POST change` (`ChangeRequest`, snake_case) | makes changes, answers with them |
/// | `GET changes` | the kinds of change, visible and silent |
/// | `GET faults`, `POST faults`, `POST faults/reset` | the switches of `Faults` |
/// | `POST webhooks` (`url` and what the platform's webhooks need) | delivers webhooks, after the answer |
/// | `GET webhooks` | what has become of each delivery: statuses, failure, whether it is done |
/// | `GET secrets` | values that must be found nowhere |
struct ControlEndpoint {
    let simulator: Simulator

    func answer(_ request: SimulatedRequest) -> SimulatedAnswer {
        do {
            return try route(request)
        } catch {
            return json(["error": "\(error)"], status: 400)
        }
    }

    private func route(_ request: SimulatedRequest) throws -> SimulatedAnswer {
        switch (request.method, request.components.dropFirst().joined(separator: "/")) {
        case ("GET", "state"): return json(simulator.state)
        case ("GET", "truth"): return json(["tables": simulator.truthTables])
        case ("GET", "requests"): return try encoded(simulator.requests)
        case ("POST", "requests/reset"):
            simulator.resetRequests(recent: try object(request)["recent"] as? Int ?? 0)
            return json([:])
        case ("POST", "clock"):
            guard let seconds = try object(request)["advance"] as? Double, seconds >= 0 else {
                throw SimulatorError("clock wants {\"advance\": seconds}, not negative")
            }
            simulator.advance(seconds: seconds)
            return json(simulator.state)
        case ("POST", "change"): return try change(request)
        case ("GET", "changes"):
            let kinds = simulator.changeKinds
            return json(["visible": kinds.visible.map(\.rawValue), "silent": kinds.silent.map(\.rawValue)])
        case ("GET", "faults"): return SimulatedAnswer(body: ByteBuffer(bytes: simulator.faultsJSON))
        case ("POST", "faults"):
            try simulator.setFaults(json: request.body)
            return SimulatedAnswer(body: ByteBuffer(bytes: simulator.faultsJSON))
        case ("POST", "faults/reset"):
            simulator.resetFaults()
            return SimulatedAnswer(body: ByteBuffer(bytes: simulator.faultsJSON))
        case ("POST", "webhooks"):
            let batch = try simulator.webhooks(control: request.body)
            let numbers = try simulator.enter(batch)
            // After the answer: a receiver may call the school while it handles a delivery, and this thread serves both.
            Task { [simulator] in await simulator.deliver(batch, numbers: numbers) }
            return json(["deliveries": numbers.count, "numbers": numbers])
        case ("GET", "webhooks"): return try encoded(["deliveries": simulator.webhookReports])
        case ("GET", "secrets"): return json(["secrets": simulator.secrets, "marker": PlantedSecrets.marker])
        case ("GET", let path) where path.hasPrefix("truth/"):
            let table = String(path.dropFirst(6))
            guard simulator.truthTables.contains(table) else {
                throw SimulatorError("no truth for \(table); there is \(simulator.truthTables.joined(separator: ", "))")
            }
            var answer = SimulatedAnswer(body: ByteBuffer(bytes: simulator.truth(table)))
            answer.contentType = "application/x-ndjson"
            return answer
        default: return json(["error": "no such control path"], status: 404)
        }
    }

    private func change(_ request: SimulatedRequest) throws -> SimulatedAnswer {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let wish = try decoder.decode(
            ChangeRequest.self,
            from: Data(request.body.isEmpty ? Array("{}".utf8) : request.body)
        )
        let kinds = simulator.changeKinds
        let known = kinds.visible + kinds.silent
        if let unknown = wish.kinds.first(where: { !known.contains($0) }) {
            throw SimulatorError(
                "no change named \(unknown); there are \(known.map(\.rawValue).joined(separator: ", "))"
            )
        }
        return try encoded(["changes": simulator.change(wish)])
    }

    private func object(_ request: SimulatedRequest) throws -> [String: Any] {
        guard !request.body.isEmpty else { return [:] }
        return try JSONSerialization.jsonObject(with: Data(request.body)) as? [String: Any] ?? [:]
    }

    private func json(_ object: [String: Any], status: Int = 200) -> SimulatedAnswer {
        let data = try? JSONSerialization.data(withJSONObject: object, options: [.sortedKeys])
        return SimulatedAnswer(status: status, body: ByteBuffer(bytes: data ?? Data()))
    }

    private func encoded(_ value: some Encodable) throws -> SimulatedAnswer {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys]
        return SimulatedAnswer(body: ByteBuffer(bytes: try encoder.encode(value)))
    }
}
