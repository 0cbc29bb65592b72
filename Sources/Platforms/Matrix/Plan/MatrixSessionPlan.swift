import Records

/// Decides whose sessions are asked for: Sources/Platforms/Matrix/README.md §5.
enum MatrixSessionPlan {
    /// Learners whose logins have moved since their sessions were read, or whose last session was open then.
    ///
    /// - Parameters:
    ///   - logins: The marks of their logins.
    ///   - read: The marks of their sessions.
    /// - Returns: Each with how often they have logged in. Who logged in before the platform's memory begins is left out.
    static func due(
        logins: [String: MarkPosition],
        read: [String: MarkPosition],
        now: Timestamp
    ) -> [String: Int64] {
        // A day on top: the last login has a zone, and the memory's edge is not documented.
        let oldest = now.advanced(by: .zero - MatrixLists.sessionMemory - .seconds(86_400))
        var due: [String: Int64] = [:]
        for (learner, mark) in logins {
            let count = mark[.logins] ?? 0
            let position = read[learner]
            let hasMoved = position.map { ($0[.logins] ?? 0) != count } ?? true
            guard hasMoved || position?[.session] == "open" else { continue }
            if let last = mark[.loginAt], last < oldest { continue }
            due[learner] = count
        }
        return due
    }

    /// The learners in batches of `size`, in the order of their ids.
    static func batches(_ logins: [String: Int64], of size: Int) -> [[String: Int64]] {
        logins.keys.sorted().chunks(of: size).map { ids in
            let part = Set(ids)
            return logins.filter { part.contains($0.key) }
        }
    }
}
