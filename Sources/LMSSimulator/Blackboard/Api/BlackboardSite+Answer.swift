import NIOCore

/// The API of Sources/Platforms/Blackboard/README.md §1 to §3, below `/learn/api/public`.
extension BlackboardSite {
    mutating func answer(_ request: SimulatedRequest) -> SimulatedAnswer {
        let parts = request.components
        guard parts.count >= 4, Array(parts[0..<3]) == ["learn", "api", "public"] else {
            requests.count(route: "unknown", line: request.path)
            return error(404, "Not found")
        }
        let path = parts.dropFirst(3)
        if Array(path) == ["v1", "oauth2", "token"] {
            requests.countToken()
            let hasQuota = quota.take(limit: faults.quotaLimit, at: now)
            return hasQuota ? token(request) : quotaSpent()
        }
        let route = BlackboardRoute(path)
        requests.count(route: route.name, line: Self.line(of: request))
        if var answer = faults.wire.before(request, &requests) {
            if answer.status >= 400 { answer.body = error(answer.status, "Service unavailable").body }
            return answer
        }
        guard quota.take(limit: faults.quotaLimit, at: now) else { return quotaSpent() }
        var answer = checked(route, request, "/" + path.joined(separator: "/"))
        if faults.quotaLimit > 0, faults.quotaHeaders {
            answer.headers += [
                ("X-Rate-Limit-Limit", "\(faults.quotaLimit)"),
                ("X-Rate-Limit-Remaining", "\(quota.remaining(of: faults.quotaLimit))"),
            ]
        }
        return faults.wire.after(request, answer)
    }

    private static func line(of request: SimulatedRequest) -> String {
        let query = request.query.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
        return request.method + " " + request.path + (query.isEmpty ? "" : "?" + query)
    }

    private mutating func checked(
        _ route: BlackboardRoute,
        _ request: SimulatedRequest,
        _ path: String
    ) -> SimulatedAnswer {
        if let refusal = refusal(request) { return refusal }
        if let status = faults.statusForPath[path] {
            return error(status, status == 403 ? "User does not have sufficient privileges" : "Not available")
        }
        guard request.method == "GET" else { return error(405, "Method not allowed") }
        return data(route, request)
    }

    private mutating func data(_ route: BlackboardRoute, _ request: SimulatedRequest) -> SimulatedAnswer {
        switch route {
        case .version: return versionInfo()
        case .terms: return terms(request)
        case .term(let id): return term(id, request)
        case .courses: return courses(request)
        case .course(let id): return course(id, request)
        case .children(let id): return children(id, request)
        case .users: return users(request)
        case .user(let id): return user(id, request)
        case .userMemberships(let user): return memberships(ofUser: user, request)
        case .memberships(let course): return memberships(course, request)
        case .membership(let course, let id): return membership(course, id, request)
        case .columns(let course): return columns(course, request)
        case .column(let course, let id): return column(course, id, request)
        case .categories(let course): return categories(course, request)
        case .grades(let course, let column): return grades(course, column, request)
        case .lastChanged(let course, let column): return lastChanged(course, column)
        case .grade(let course, let column, let user): return grade(course, column, user)
        case .learnerGrades(let course, let user): return learnerGrades(course, user, request)
        case .attempts(let course, let column): return attempts(course, column, request)
        case .reviewStatus(let course): return reviewStatus(course, request)
        case .logs(let course): return logs(course, request)
        case .unknown: return error(404, "Not found")
        }
    }

    /// `GET /v1/system/version`.
    private func versionInfo() -> SimulatedAnswer {
        let version = version
        return SimulatedAnswer(
            status: 200,
            text: "{\"learn\":{\"major\":\(version.major),\"minor\":\(version.minor),\"patch\":\(version.patch),"
                + "\"build\":\"rel.0\"}}"
        )
    }

    // MARK: refusals

    private mutating func refusal(_ request: SimulatedRequest) -> SimulatedAnswer? {
        if faults.revokeTokens {
            faults.revokeTokens = false
            tokens.revokeAll()
        }
        let header = request.header("Authorization") ?? ""
        let token = header.hasPrefix("Bearer ") ? String(header.dropFirst(7)) : ""
        guard tokens.accepts(token, at: now, diesAfter: faults.tokenDiesAfterCalls) else {
            return error(401, "Bearer token is invalid")
        }
        switch faults.application {
        case "disabled":
            return error(403, "The REST application is disabled on this site", code: "application-disabled")
        case "missing": return error(404, "The REST application was not found on this site", code: "no-application")
        default: return nil
        }
    }

    private func quotaSpent() -> SimulatedAnswer {
        var answer = error(429, "API rate limit exceeded")
        let wait = faults.quotaRetryAfter.isEmpty ? "\(quota.secondsLeft(at: now))" : faults.quotaRetryAfter
        answer.headers = [("Retry-After", wait)]
        if faults.quotaHeaders {
            answer.headers += [("X-Rate-Limit-Limit", "\(faults.quotaLimit)"), ("X-Rate-Limit-Remaining", "0")]
        }
        return answer
    }

    /// An error in the platform's shape (`RestException` of the swagger; `status` is a number in practice).
    func error(_ status: Int, _ message: String, code: String? = nil) -> SimulatedAnswer {
        let writer = ByteWriter(capacity: 256)
        writer.raw("{\"status\":")
        if faults.statusAsString { writer.string("\(status)") } else { writer.integer(status) }
        if let code {
            writer.raw(",\"code\":")
            writer.string(code)
        }
        writer.raw(",\"message\":")
        writer.string(message)
        writer.raw("}")
        return SimulatedAnswer(status: status, body: writer.buffer)
    }
}
