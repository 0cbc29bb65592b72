import NIOCore

extension BlackboardSite {
    /// What keeps a list from being read: an endpoint or a parameter this version does not know.
    func refusal(_ list: BlackboardList, _ request: SimulatedRequest) -> SimulatedAnswer? {
        guard version >= list.since else { return error(404, "Not found") }
        let refused = request.query.first { faults.refusedFilters.contains("\(list.rawValue).\($0.name)") }
        if let refused {
            return error(400, faults.vagueRefusals ? "Bad request" : "Unknown query parameter: \(refused.name)")
        }
        guard faults.unknownFilters == "400" else { return nil }
        let known = list.parameters
        let unknown = request.query.first { pair in known[pair.name].map { $0 > version } ?? true }
        return unknown.map { error(400, "Unknown query parameter: \($0.name)") }
    }

    /// Whether this version knows a list's filter; an unknown one is without effect where it is not refused.
    func knows(_ parameter: String, of list: BlackboardList) -> Bool {
        list.parameters[parameter].map { $0 <= version } ?? false
    }

    /// Writes one object or one row.
    func objectWriter(_ list: BlackboardList, fields: FieldSet?) -> ObjectWriter {
        let prefix = list.rawValue + "."
        let hidden = faults.hiddenFields.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
        return ObjectWriter(
            writer,
            fields: fields,
            hidden: hidden.isEmpty ? nil : FieldSet(hidden),
            style: ObjectWriter.Style(
                explicitNulls: faults.nulls == "explicit",
                omitsFalse: faults.omitFalse,
                plainDecimals: faults.plainDecimals
            )
        )
    }

    /// The members that a call asks for; nil for all.
    private func fieldSet(_ request: SimulatedRequest?) -> FieldSet? {
        faults.ignoreFields ? nil : FieldSet(parameter: request?.value("fields"))
    }

    /// A single object.
    func object(
        _ list: BlackboardList,
        _ request: SimulatedRequest?,
        _ write: (ObjectWriter) -> Void
    ) -> SimulatedAnswer {
        writer.reset()
        writer.raw("{")
        write(objectWriter(list, fields: fieldSet(request)))
        writer.close(UInt8(ascii: "}"))
        return SimulatedAnswer(body: writer.buffer)
    }

    /// One page of a list: `render` writes the members of the record at a place.
    mutating func page(
        _ list: BlackboardList,
        _ request: SimulatedRequest,
        count: Int,
        render: (BlackboardSite, Int, ObjectWriter) -> Void
    ) -> SimulatedAnswer {
        let isEmptied = faults.emptyLists.contains { request.path.contains($0) }
        let isHalved = faults.halfLists.contains { request.path.contains($0) }
        let count = isEmptied ? 0 : isHalved ? count / 2 : count
        let cap = max(faults.pageSizeCaps[list.rawValue] ?? list.largestLimit, 1)
        guard let offset = Int(request.value("offset") ?? "0"), offset >= 0,
            var limit = Int(request.value("limit") ?? "\(cap)"), limit >= 1
        else { return error(400, "Paging offset and limit must be positive numbers") }
        if limit > cap {
            guard faults.clampLimits else { return error(400, "Paging limit may not exceed \(cap)") }
            limit = cap
        }
        if offset == 0 { movedRows[request.path] = nil }
        let moved = min(movedRows[request.path] ?? 0, offset)
        let start = min(offset, count + moved)
        var end = min(offset + limit, count + moved)
        // One row less on every page but the last: only a missing nextPage ends a walk.
        if faults.shortPages, end < count + moved, end - offset > 1 { end -= 1 }
        let extra = hostileRecords(list, request)
        let number = offset / limit + 1
        let last = max((count + limit - 1) / limit, 1)

        let row = objectWriter(list, fields: list.honoursFields ? fieldSet(request) : nil)
        writer.reset()
        writer.raw("{\"results\":[")
        for place in start..<max(start, end) {
            writer.raw("{")
            render(self, isHalved ? (place - moved) * 2 + 1 : place - moved, row)
            writer.close(UInt8(ascii: "}"))
            writer.byte(UInt8(ascii: ","))
        }
        for record in extra where min(record.page, last) == number {
            record.append(to: writer)
            writer.byte(UInt8(ascii: ","))
        }
        writer.close(UInt8(ascii: "]"))
        writePaging(request, next: end < count + moved ? end : nil, offset: offset, limit: limit)
        writer.raw("}")
        let answer = SimulatedAnswer(body: writer.buffer)
        happen(after: number, of: list, request)
        return answer
    }

    private func writePaging(_ request: SimulatedRequest, next: Int?, offset: Int, limit: Int) {
        guard let next else {
            switch faults.endPaging {
            case "empty": writer.raw(",\"paging\":{}")
            case "null": writer.raw(",\"paging\":{\"nextPage\":null}")
            default: break
            }
            return
        }
        var query: [String] = []
        if faults.nextPage != "bare" {
            query = request.query.filter { $0.name != "offset" && $0.name != "limit" }.map { Self.encoded($0) }
            if request.value("limit") != nil { query.append("limit=\(limit)") }
        }
        query.append("offset=\(faults.nextPage == "loop" ? offset : next)")
        let origin =
            switch faults.nextPage {
            case "absolute": "http://" + (request.header("Host") ?? "127.0.0.1")
            case "foreign": "http://127.0.0.1:9"
            default: ""
            }
        writer.raw(",\"paging\":{\"nextPage\":")
        writer.string(origin + request.path + "?" + query.joined(separator: "&"))
        writer.raw("}")
    }

    private static func encoded(_ pair: (name: String, value: String)) -> String {
        var text = pair.name + "="
        for byte in pair.value.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"),
                UInt8(ascii: ","), UInt8(ascii: ":"):
                text.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                text += "%" + (digits.count < 2 ? "0" : "") + digits
            }
        }
        return text
    }

    /// What the switches let happen between this page and the next one.
    private mutating func happen(after page: Int, of list: BlackboardList, _ request: SimulatedRequest) {
        if let place = faults.shifts.firstIndex(where: {
            $0.list == list.rawValue && $0.afterPage == page && $0.times > 0
        }) {
            faults.own.shifts[place].times -= 1
            movedRows[request.path, default: 0] += 1
        }
        if let place = faults.shrinks.firstIndex(where: {
            $0.list == list.rawValue && $0.afterPage == page && $0.times > 0
        }) {
            faults.own.shrinks[place].times -= 1
            shrink(list, request)
        }
        let place = faults.changesBetweenPages.firstIndex {
            $0.list == list.rawValue && $0.afterPage == page && $0.times > 0
                && ($0.path.isEmpty || request.path.contains($0.path))
        }
        guard let place else { return }
        faults.own.changesBetweenPages[place].times -= 1
        let kind = faults.changesBetweenPages[place].kind
        _ = live(ChangeRequest(seed: UInt64(changesApplied + 1), count: 1, kinds: [kind]))
    }

    /// Lets the row at the front of the list just read vanish; every later one moves up.
    private mutating func shrink(_ list: BlackboardList, _ request: SimulatedRequest) {
        switch list {
        case .users:
            guard let user = school.userOrder.first(where: { !school.users[Int($0)].isSystemAdmin }) else { return }
            school.delete(user: user)
        case .courses:
            guard
                let course = school.courseOrder.first(where: {
                    let course = school.courses[Int($0)]
                    return !course.isOrganization && course.parent < 0 && course.children.isEmpty
                })
            else { return }
            school.delete(course: course)
        case .memberships:
            let parts = request.components
            guard parts.count > 5, let course = findCourse(parts[5]), let member = school.roster(of: course).first
            else { return }
            school.remove(member: member)
        default: break
        }
    }

    /// Hostile records bound to this list; one for nested lists binds itself to the first path that asks.
    mutating func hostileRecords(_ list: BlackboardList, _ request: SimulatedRequest) -> [BlackboardHostile] {
        guard !faults.hostile.isEmpty else { return [] }
        var found: [BlackboardHostile] = []
        for (place, record) in faults.hostile.enumerated() where record.list == list.rawValue {
            guard record.path.isEmpty || request.path.contains(record.path) else { continue }
            if let bound = hostilePaths[place], bound != request.path { continue }
            if list.isNested { hostilePaths[place] = request.path }
            found.append(BlackboardHostile(record, place: place, list: list, path: request.path, site: self))
        }
        return found
    }
}
