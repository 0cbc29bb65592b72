/// The call a hostile record of a list below a class or filter is bound to, so that repeating it brings the record again
/// and no other list has it too.
struct MatrixHostileCall: Sendable, Equatable {
    var course: Int?
    var filter = ""
    var user: Int?

    /// The call as text, in which a record's `path` is looked for: `class_id=501`.
    var text: String {
        [course.map { "class_id=\($0)" }, user.map { "user_id=\($0)" }].compactMap { $0 }.joined(separator: "&")
    }
}

extension MatrixSite {
    /// Hostile records of a paged list.
    func hostileRecords(_ list: MatrixList, request path: String) -> [MatrixHostileRendering] {
        faults.hostile.enumerated().compactMap { place, record in
            guard record.list == list.rawValue, record.path.isEmpty || path.contains(record.path) else { return nil }
            return MatrixHostileRendering(record, place: place, list: list, call: MatrixHostileCall(), in: self)
        }
    }

    /// Hostile records of a list below a class or filter: each binds itself to the first call that fits.
    mutating func hostileRecords(_ list: MatrixList, call: MatrixHostileCall) -> [MatrixHostileRendering] {
        var found: [MatrixHostileRendering] = []
        for (place, record) in faults.hostile.enumerated() where record.list == list.rawValue {
            guard record.path.isEmpty || call.text.contains(record.path) else { continue }
            if let bound = hostileCalls[place], bound != call { continue }
            hostileCalls[place] = call
            found.append(MatrixHostileRendering(record, place: place, list: list, call: call, in: self))
        }
        return found
    }

    /// The rows of those hostile records that must be stored; one of a nested list exists once it was served.
    func writeHostileTruth(of table: String, to writer: ByteWriter) {
        for (place, record) in faults.hostile.enumerated() {
            guard let list = MatrixList(rawValue: record.list) else { continue }
            let isPaged = [.users, .classes, .organizations].contains(list)
            guard let call = isPaged ? MatrixHostileCall() : hostileCalls[place] else { continue }
            let rendering = MatrixHostileRendering(record, place: place, list: list, call: call, in: self)
            if rendering.isStored { rendering.writeTruth(of: table, to: writer, wire) }
        }
    }
}
