import NIOCore

/// The API that Grow and LearnWorlds answer, over a simulated school.
struct LearnWorldsPlatform {
    let product: LearnWorldsProduct

    var name: String { product.rawValue }

    func answer(_ request: SimulatedRequest, in world: inout LearnWorldsSite) -> SimulatedAnswer {
        let parts = request.components
        guard parts.count >= 3, parts[0] == "admin", parts[1] == "api" else {
            world.requests.count(route: "unknown", line: request.path)
            return error(404, "not_found", "Not found", world)
        }
        if parts.last == "access_token" {
            world.requests.countToken()
            return token(request, parts.dropFirst(2), &world)
        }
        let route = Route(parts.dropFirst(2), product: product, faults: world.faults)
        world.requests.count(route: route.name, line: line(of: request))
        if let fault = faultBeforeCredentials(request, &world) { return fault }
        if let refusal = refusal(request, &world) { return refusal }
        if let status = world.faults.statusForPath["/" + parts.dropFirst(2).joined(separator: "/")] {
            return error(status, status == 403 ? "forbidden" : "unavailable", "Not available", world)
        }
        world.school.revealLateEvents(at: world.now)
        return faultAfterwards(request, data(route, request, &world), &world)
    }

    private func line(of request: SimulatedRequest) -> String {
        let query = request.query.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
        return request.method + " " + request.path + (query.isEmpty ? "" : "?" + query)
    }

    private func data(_ route: Route, _ request: SimulatedRequest, _ world: inout LearnWorldsSite) -> SimulatedAnswer {
        guard request.method == "GET" else { return error(405, "method", "Method not allowed", world) }
        switch route {
        case .courses: return courses(request, &world)
        case .course(let slug): return course(slug, &world)
        case .contents(let slug): return contents(slug, &world)
        case .roster(let slug): return roster(slug, request, &world)
        case .grades(let slug): return grades(slug, request, &world)
        case .users: return users(request, &world)
        case .user(let id): return user(id, &world)
        case .userCourses(let id): return enrollments(id, request, &world)
        case .userProgress(let id): return progress(id, request, &world)
        case .courseProgress(let id, let slug): return progress(id, in: slug, &world)
        case .certificates: return certificates(request, &world)
        case .responses(let unit): return responses(unit, request, &world)
        case .events: return events(request, &world)
        case .unknown: return error(404, "not_found", "Not found", world)
        }
    }

    // MARK: credentials

    private func refusal(_ request: SimulatedRequest, _ world: inout LearnWorldsSite) -> SimulatedAnswer? {
        if let refusal = clientRefusal(request, world) { return refusal }
        if world.faults.revokeTokens {
            world.faults.revokeTokens = false
            world.tokens.revokeAll()
        }
        let header = request.header("Authorization") ?? ""
        let token = header.hasPrefix("Bearer ") ? String(header.dropFirst(7)) : ""
        if !token.isEmpty, token == world.faults.staticToken { return nil }
        guard world.tokens.accepts(token, at: world.now, diesAfter: world.faults.tokenDiesAfterCalls) else {
            return accessDenied(world)
        }
        return nil
    }

    func clientRefusal(_ request: SimulatedRequest, _ world: LearnWorldsSite) -> SimulatedAnswer? {
        guard request.header(product.clientHeader) == world.tokens.clientID else {
            return error(400, "client_id", "The client header is missing or wrong.", world)
        }
        return nil
    }

    func accessDenied(_ world: LearnWorldsSite) -> SimulatedAnswer {
        error(400, "access_denied", "The resource owner or authorization server denied the request.", world)
    }

    // MARK: answers

    /// An error in the shape the switches ask for.
    func error(_ status: Int, _ context: String, _ message: String, _ world: LearnWorldsSite) -> SimulatedAnswer {
        guard world.faults.errorBody == "errors" else {
            return SimulatedAnswer(status: status, text: "{\"error\":\"\(message)\"}")
        }
        let code = product == .grow ? "\(status)" : "\"\(status)\""
        return SimulatedAnswer(
            status: status,
            text:
                "{\"errors\":[{\"code\":\(code),\"context\":\"\(context)\",\"message\":\"\(message)\"}],\"success\":false}"
        )
    }

    /// The answer for an object that does not exist.
    func noSuchObject(_ world: LearnWorldsSite) -> SimulatedAnswer {
        world.faults.badIdIs401
            ? error(401, "unauthorized", "Unauthorized", world) : error(404, "not_found", "Not found", world)
    }

    /// Ends a single object: on Grow, `success` is its last member.
    func finishObject(_ writer: ByteWriter) -> SimulatedAnswer {
        if product.saysSuccess {
            writer.truncate(to: writer.count - 1)
            writer.raw(",\"success\":true}")
        }
        return SimulatedAnswer(body: writer.buffer)
    }
}
