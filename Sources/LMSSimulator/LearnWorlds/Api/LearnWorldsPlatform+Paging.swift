import NIOCore

extension LearnWorldsPlatform {
    /// One page of a list: `render` writes the record at a place of the list in the order shown.
    func page(
        _ kind: ListKind,
        count: Int,
        of request: SimulatedRequest,
        in world: inout LearnWorldsSite,
        render: @escaping (Int, ByteWriter, LearnWorldsSite) -> Void
    ) -> SimulatedAnswer {
        let filter =
            request.value("course_id").map { "?course_id=\($0)" } ?? request.value("user_id").map { "?user_id=\($0)" }
        let line = request.path + (filter ?? "")
        let isEmptied = world.faults.emptyLists.contains { line.contains($0) }
        let isHalved = world.faults.halfLists.contains { line.contains($0) }
        let count = isEmptied ? 0 : isHalved ? count / 2 : count
        let render: (Int, ByteWriter, LearnWorldsSite) -> Void =
            isHalved ? { render($0 * 2 + 1, $1, $2) } : render
        guard let asked = pageNumber(request) else { return error(422, "page", "Invalid page.", world) }
        guard let size = size(kind, request, world.faults) else {
            return error(422, "items_per_page", "Invalid items_per_page.", world)
        }
        let extra = hostileRecords(kind, request, &world)
        let total = count + extra.count
        if total == 0, !isEmptied, isNotFoundWhenEmpty(kind, world.faults) {
            return error(404, "not_found", "Not found", world)
        }
        let pages = (count + size - 1) / size
        let last = max(pages, 1)
        var number = asked
        var shown = min((asked - 1) * size, count)..<min(asked * size, count)
        if asked > last {
            world.pastTheEndCalls += 1
            if isEmptyPastTheEnd(kind, world) {
                shown = count..<count
            } else {
                number = last
                shown = (last - 1) * size..<count
            }
        }

        if take(\.repeats, kind, behind: asked, &world) { shown = max(shown.lowerBound - 1, 0)..<shown.upperBound }
        let isShort = take(\.shortTotals, kind, behind: asked, &world)
        let (statedItems, statedPages) = isShort ? (asked * size, asked) : (total, total == 0 ? 0 : last)

        let writer = world.writer
        writer.reset()
        writer.raw("{\"data\":[")
        for place in shown {
            render(place, writer, world)
            writer.byte(UInt8(ascii: ","))
        }
        for record in extra where min(record.page, last) == asked {
            record.append(to: writer)
            writer.byte(UInt8(ascii: ","))
        }
        writer.close(UInt8(ascii: "]"))
        writer.raw(",\"meta\":{\"page\":")
        writer.integer(number)
        writer.raw(",\"totalItems\":")
        writer.integer(world.faults.totalItemsIsPage ? shown.count : statedItems)
        writer.raw(",\"totalPages\":")
        writer.integer(statedPages)
        writer.raw(",\"itemsPerPage\":")
        writer.integer(size)
        writer.raw("}")
        if product.saysSuccess { writer.raw(",\"success\":true") }
        writer.raw("}")
        let answer = SimulatedAnswer(body: writer.buffer)
        shift(kind, after: asked, &world)
        return answer
    }

    private func pageNumber(_ request: SimulatedRequest) -> Int? {
        guard let text = request.value("page") else { return 1 }
        guard let page = Int(text), page >= 1, page <= 1_000_000 else { return nil }
        return page
    }

    private func size(_ kind: ListKind, _ request: SimulatedRequest, _ faults: Faults) -> Int? {
        var size = kind.defaultSize
        if let text = request.value("items_per_page"), !faults.ignoreSizes {
            if let largest = kind.largestSize ?? (faults.undocumentedSizes == "honour" ? 200 : nil) {
                guard let wanted = Int(text), wanted >= 1 else { return nil }
                size = min(wanted, largest)
            } else if faults.undocumentedSizes == "reject" {
                return nil
            }
        }
        return max(min(size, faults.pageSizeCaps[kind.rawValue] ?? size), 1)
    }

    private func isNotFoundWhenEmpty(_ kind: ListKind, _ faults: Faults) -> Bool {
        switch faults.emptyIs404 {
        case "all": true
        case "never": false
        default: kind.isNested
        }
    }

    private func isEmptyPastTheEnd(_ kind: ListKind, _ world: LearnWorldsSite) -> Bool {
        switch world.faults.pastTheEnd {
        case "repeat": false
        case "empty": true
        case "mixed": world.pastTheEndCalls % 2 == 0
        default: kind.isEmptyPastTheEnd
        }
    }

    /// Hostile records bound to this list; one for nested lists binds itself to the first path that asks.
    private func hostileRecords(
        _ kind: ListKind,
        _ request: SimulatedRequest,
        _ world: inout LearnWorldsSite
    ) -> [HostileRendering] {
        guard !world.faults.hostile.isEmpty else { return [] }
        var found: [HostileRendering] = []
        for (place, record) in world.faults.hostile.enumerated() where record.list == kind.rawValue {
            guard record.path.isEmpty || request.path.contains(record.path) else { continue }
            // A list is bound by path and filter, so that the next course's certificates do not get the record too.
            let filter = request.value("course_id") ?? request.value("user_id") ?? ""
            let path = request.path + "?" + filter
            if kind.isNested {
                if kind == .certificates, request.value("course_id") == nil { continue }
                if let bound = world.hostilePaths[place], bound != path { continue }
                world.hostilePaths[place] = path
            }
            found.append(HostileRendering(record, place: place, list: kind, path: path, school: world.school))
        }
        return found
    }

    /// Whether the page is hit by one of some switches, which goes down by one.
    private func take(
        _ switches: WritableKeyPath<LearnWorldsSwitches, [ListShift]>,
        _ kind: ListKind,
        behind page: Int,
        _ world: inout LearnWorldsSite
    ) -> Bool {
        let place = world.faults[dynamicMember: switches].firstIndex {
            $0.list == kind.rawValue && $0.afterPage == page - 1 && $0.times > 0
        }
        guard let place else { return false }
        world.faults[dynamicMember: switches][place].times -= 1
        return true
    }

    /// Lets the row at the front of the list just read vanish.
    private func shrink(_ kind: ListKind, after page: Int, _ world: inout LearnWorldsSite) {
        guard
            let place = world.faults.shrinks.firstIndex(where: {
                $0.list == kind.rawValue && $0.afterPage == page && $0.times > 0
            })
        else { return }
        world.faults.shrinks[place].times -= 1
        if kind == .courses, let course = world.school.courseOrder.popLast() {
            world.school.courses[Int(course)].isDeleted = true
        } else if kind == .users, let learner = world.school.learnerOrder.popLast() {
            world.school.learners[Int(learner)].isDeleted = true
        }
    }

    /// Lets a row arrive at the front of the list just read.
    private func shift(_ kind: ListKind, after page: Int, _ world: inout LearnWorldsSite) {
        shrink(kind, after: page, &world)
        guard
            let place = world.faults.shifts.firstIndex(where: {
                $0.list == kind.rawValue && $0.afterPage == page && $0.times > 0
            })
        else { return }
        world.faults.shifts[place].times -= 1
        let change: ChangeKind =
            switch kind {
            case .courses: .courseCreated
            case .grades, .responses: .submission
            case .certificates: .completion
            case .events: .visit
            default: .newLearner
            }
        _ = world.live(ChangeRequest(seed: UInt64(world.changesApplied + 1), count: 1, kinds: [change]))
    }
}
