import Foundation
import NIOCore

extension MatrixSite {
    mutating func answer(_ request: SimulatedRequest) -> SimulatedAnswer {
        guard request.components.first == "api", request.components.count == 2 else {
            requests.count(route: "unknown", line: request.path)
            var answer = SimulatedAnswer(status: 404, text: "<!DOCTYPE html><html><body>Not found</body></html>")
            answer.contentType = "text/html; charset=utf-8"
            return answer
        }
        let function = MatrixFunction(rawValue: request.components[1])
        requests.count(route: function?.route ?? MatrixFunction.forbidden, line: Self.line(of: request))
        if var answer = faults.wire.before(request, &requests) {
            if answer.status >= 400 { answer.body = message(answer.status, "Temporarily unavailable").body }
            return answer
        }
        if let refusal = rateRefusal() { return refusal }
        if let status = faults.wire.statusForPath["/" + request.components[1]] {
            return message(status, "Not available")
        }
        if let status = refusedStatus(request) { return message(status, "Not available") }
        if faults.wire.isHit(request) {
            if WireFaults.take(&faults.own.messageCalls) { return message(200, faults.messageText) }
            if WireFaults.take(&faults.own.badRequestCalls) { return message(400, faults.messageText) }
        }
        var answer = faults.wire.after(request, shortened(data(function, request), to: request))
        if answer.contentType == "application/json" { answer.contentType = "application/json; charset=utf-8" }
        return answer
    }

    /// The call as it is kept for reports, without the key.
    private static func line(of request: SimulatedRequest) -> String {
        let query = request.query.filter { $0.name != "api_key" }.map { "\($0.name)=\($0.value)" }
        return request.method + " " + request.path + "?" + query.joined(separator: "&")
    }

    private mutating func data(_ function: MatrixFunction?, _ request: SimulatedRequest) -> SimulatedAnswer {
        let isForm = request.method == "POST" && faults.acceptsForm
        guard request.method == "GET" || isForm else { return message(400, "Only GET is supported") }
        let arguments = MatrixArguments(
            isForm
                ? request.query + SimulatedRequest.pairs(String(decoding: request.body, as: UTF8.self)) : request.query
        )
        guard arguments.value("api_key") == apiKey else { return message(401, "Invalid API key") }
        let version = arguments.value("api_version") == nil ? faults.newestVersion : 1
        guard let function else { return message(400, "Unknown API function") }
        var answer: SimulatedAnswer
        do throws(MatrixArguments.Problem) {
            answer = try list(function, arguments, request, version)
        } catch {
            return message(400, error.message)
        }
        if version > 1, function != .version {
            var wrapped = ByteBuffer(string: "{\"data\":")
            wrapped.writeBuffer(&answer.body)
            wrapped.writeString("}")
            answer.body = wrapped
        }
        return answer
    }

    private mutating func list(
        _ function: MatrixFunction,
        _ arguments: MatrixArguments,
        _ request: SimulatedRequest,
        _ version: Int
    ) throws(MatrixArguments.Problem) -> SimulatedAnswer {
        switch function {
        case .version: SimulatedAnswer(status: 200, text: "{\"version\":\(version)}")
        case .users: try users(arguments, request)
        case .usersWithIDs: try users(with: arguments)
        case .classes: try classes(arguments, request)
        case .classesWithIDs: try classes(with: arguments)
        case .organizations: try organizations(arguments, request)
        case .students: try roster(arguments)
        case .teachers: try teachers(arguments)
        case .assignments: try assignments(arguments)
        case .grades: try gradebook(arguments)
        case .completions: try completions(arguments)
        case .sessions: try sessions(arguments)
        }
    }

    /// An error, or whatever else says no more than a sentence.
    func message(_ status: Int, _ text: String) -> SimulatedAnswer {
        let data = try? JSONSerialization.data(withJSONObject: ["message": text])
        var answer = SimulatedAnswer(status: status, body: ByteBuffer(bytes: data ?? Data()))
        answer.contentType = "application/json; charset=utf-8"
        return answer
    }

    private mutating func rateRefusal() -> SimulatedAnswer? {
        let seconds =
            faults.rateLimitClock == "school"
            ? now.seconds : Double(requests.arrivals.last ?? 0) / 1_000_000_000
        let verdict = rateLimit.count(faults.own, now: seconds)
        guard verdict != .allowed else { return nil }
        let status =
            verdict == .paused && faults.ratePauseStatus > 0 ? faults.ratePauseStatus : faults.rateLimitStatus
        if status == 401 { return message(401, "Invalid API key") }
        return message(
            status,
            faults.rateLimitSaysLimit
                ? "API rate limit exceeded. API access is disabled for one minute." : "API access is disabled."
        )
    }
}
