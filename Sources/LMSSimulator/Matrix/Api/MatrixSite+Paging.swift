import NIOCore

extension MatrixSite {
    private static var pageSize: Int { 100 }

    /// One page of a list: 100 rows, and an empty array beyond the end.
    mutating func page(
        _ list: MatrixList,
        of order: [Int32],
        _ arguments: MatrixArguments,
        _ request: SimulatedRequest,
        render: (Int, MatrixSite) -> Void
    ) throws(MatrixArguments.Problem) -> SimulatedAnswer {
        let asked = try arguments.page()
        var number = faults.ignorePage.contains(list.rawValue) ? 1 : asked
        if faults.repeatedPage[list.rawValue] == number, number > 1 { number -= 1 }
        let shown = rows(of: number, in: order.count, list)
        writer.reset()
        writer.byte(UInt8(ascii: "["))
        for place in shown {
            render(Int(order[place]), self)
            writer.byte(UInt8(ascii: ","))
        }
        let last = max((order.count + Self.pageSize - 1) / Self.pageSize, 1)
        for record in hostileRecords(list, request: request.path) where min(record.page, last) == number {
            record.append(to: writer, wire)
            writer.byte(UInt8(ascii: ","))
        }
        writer.close(UInt8(ascii: "]"))
        let answer = SimulatedAnswer(body: writer.buffer)
        shrink(list, after: asked)
        shift(list, after: asked)
        return answer
    }

    private func rows(of number: Int, in count: Int, _ list: MatrixList) -> Range<Int> {
        var start = (number - 1) * Self.pageSize
        var size = Self.pageSize
        if let short = faults.shortPage[list.rawValue] {
            if number == short { size /= 2 }
            if number > short { start -= Self.pageSize - Self.pageSize / 2 }
        }
        start = min(start, count)
        return start..<min(start + size, count)
    }

    /// An array of everything at once.
    mutating func array(_ list: MatrixList, call: MatrixHostileCall, render: (MatrixSite) -> Void) -> SimulatedAnswer {
        writer.reset()
        writer.byte(UInt8(ascii: "["))
        render(self)
        for record in hostileRecords(list, call: call) {
            record.append(to: writer, wire)
            writer.byte(UInt8(ascii: ","))
        }
        writer.close(UInt8(ascii: "]"))
        return SimulatedAnswer(body: writer.buffer)
    }

    /// Lets a row arrive at the front of the list just read.
    private mutating func shift(_ list: MatrixList, after page: Int) {
        guard
            let place = faults.shifts.firstIndex(where: {
                $0.list == list.rawValue && $0.afterPage == page && $0.times > 0
            })
        else { return }
        faults.own.shifts[place].times -= 1
        let kind: ChangeKind =
            switch list {
            case .classes: .courseCreated
            case .organizations: .organizationCreated
            default: .newLearner
            }
        _ = live(ChangeRequest(seed: UInt64(changesApplied + 1), count: 1, kinds: [kind]))
        switch list {
        case .classes: school.classOrder.moveLastToFront()
        case .organizations: school.organizationOrder.moveLastToFront()
        default: school.userOrder.moveLastToFront()
        }
    }
}

extension Array {
    mutating func moveLastToFront() {
        guard let last = popLast() else { return }
        insert(last, at: 0)
    }
}
