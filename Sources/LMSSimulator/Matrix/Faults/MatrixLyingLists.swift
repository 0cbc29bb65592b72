import Foundation
import NIOCore

/// Lists that answer with less than there is, and calls of one class that are refused.
extension MatrixSite {
    /// The names by which switches speak of a call: its function, and its function of one class.
    private static func names(of request: SimulatedRequest) -> [String] {
        let function = request.components.last ?? ""
        return [function] + (request.value("class_id").map { ["\(function)/\($0)"] } ?? [])
    }

    /// The status that a switch gives the call.
    func refusedStatus(_ request: SimulatedRequest) -> Int? {
        Self.names(of: request).compactMap { faults.statusForCall[$0] }.first
    }

    /// The answer with less in it, where a switch wants that.
    mutating func shortened(_ answer: SimulatedAnswer, to request: SimulatedRequest) -> SimulatedAnswer {
        guard answer.status == 200, faults.shortenedCalls != 0 else { return answer }
        let names = Self.names(of: request)
        let isEmptied = names.contains { faults.emptyLists.contains($0) }
        guard isEmptied || names.contains(where: { faults.halfLists.contains($0) }) else { return answer }
        if faults.shortenedCalls > 0 { faults.own.shortenedCalls -= 1 }
        var answer = answer
        guard !isEmptied else {
            answer.body = ByteBuffer(string: "[]")
            return answer
        }
        let data = Data(answer.body.readableBytesView)
        guard let items = (try? JSONSerialization.jsonObject(with: data)) as? [Any] else { return answer }
        let kept = items.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
        answer.body = (try? JSONSerialization.data(withJSONObject: kept)).map { ByteBuffer(bytes: $0) } ?? answer.body
        return answer
    }

    /// Lets the first row of the list just read vanish.
    mutating func shrink(_ list: MatrixList, after page: Int) {
        guard
            let place = faults.shrinks.firstIndex(where: {
                $0.list == list.rawValue && $0.afterPage == page && $0.times > 0
            })
        else { return }
        faults.own.shrinks[place].times -= 1
        if list == .classes, let first = school.classOrder.first {
            school.classOrder.removeFirst()
            school.classes[Int(first)].isDeleted = true
        } else if list == .users, let first = school.userOrder.first {
            school.userOrder.removeFirst()
            school.users[Int(first)].isDeleted = true
        }
    }
}
