import Extractor
import JSON
import Records
import Transformer

extension MatrixLists {
    /// How far back the platform remembers sessions.
    static let sessionMemory = Duration.seconds(30 * 86_400)

    /// The login sessions of some learners.
    ///
    /// - Parameters:
    ///   - logins: The learners, each with how often they had logged in when the users were walked.
    ///   - known: Those whose sessions were read before: of them, what nears the end of the platform's memory is not
    ///     written again, since the edge may cut sessions of one minute apart.
    func sessions(_ logins: [String: Int64], known: Set<String>, _ run: some RunContext) -> ReadGroup {
        let ids = logins.keys.sorted()
        let request = calls.request(.sessionDetails, "user_ids", ids, stream: "events")
        let horizon = mapping.context.now.advanced(by: .seconds(86_400) - Self.sessionMemory)
        let list = single(
            "events",
            "ids:\(ids.first ?? "")",
            request,
            completion: { outcome in
                ids.map { id in
                    var position = MarkPosition()
                    position[.logins] = logins[id]
                    position[.readAt] = outcome.asOf
                    position[.session] = log.note(SessionState.self, id)?.isOpen == true ? "open" : "closed"
                    return .watermark(stream: "events", partition: id, position: position, asOf: outcome.asOf)
                }
            }
        ) { items in
            var events = Batch<Event>(stream: "events")
            let users = mapping.sessions(items, into: &events)
            for user in users {
                events.records += user.events.filter { !known.contains(user.learner) || $0.occurredAt >= horizon }
            }
            return ParsedPage([events], notes: ReadNotes(users.map { SessionState(key: $0.learner, isOpen: $0.isOpen) }))
        }
        return ReadGroup(
            [list],
            instead: { error in
                guard error.code == .platformFailed, ids.count > 1 else { return nil }
                let half = ids.count / 2
                return Replacement(
                    [ids[..<half], ids[half...]].map { part in
                        sessions(logins.filter { part.contains($0.key) }, known: known, run)
                    }
                )
            }
        )
    }
}
