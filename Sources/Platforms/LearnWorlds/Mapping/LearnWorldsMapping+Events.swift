import JSON
import Records
import Transformer

extension LearnWorldsMapping {
    private static let eventShape = RecordShape(
        key: [.nested("user", "id"), .member("activity"), .member("created")],
        ignored: ["type"],
        rejectPayload: ["created", "activity", "type"],
        objects: [userObject]
    )

    /// Reads the entries of one page of the event log; their ids are given by ``EventRun``.
    func events(_ items: JSONValue, into run: inout EventRun, _ batch: inout Batch<Event>) {
        var filter = freeFormFilter()
        for item in items.elements {
            guard let event = event(item, filter: &filter, into: &batch) else { continue }
            run.append(event, into: &batch)
        }
    }

    private func event(_ item: JSONValue, filter: inout JSONFilter, into batch: inout Batch<Event>) -> Event? {
        let shape = Self.eventShape
        guard var reader = batch.reader(of: item, shape: shape, context: context) else { return nil }
        var event = Event(eventID: "", occurredAt: Timestamp(microsecondsSinceEpoch: 0))
        event.learnerID = reader.identifier("user", "id")
        event.occurredAt = reader.keySeconds("created")
        event.activity = Self.trimmed(reader.key("activity"))
        event.description = reader.text("description")
        if hidesPersons { event.description = nil }
        if let details = reader.object("additional_info") {
            event.courseID = courseID(in: details)
            event.payload = filter.text(of: details)
        }
        if event.courseID == nil { event.courseID = courseID(in: item) }
        reader.ignore("course")
        reader.ignore("course_id")
        guard reader.failure == nil else {
            batch.append(event, from: reader, shape: shape)
            return nil
        }
        reader.note(in: &batch.driftLog, shape: shape)
        batch.noteArrival(of: item, shape: shape, context: context)
        return event
    }

    /// The course an object names: as an object with an id, as a text, or by its id alone.
    private func courseID(in details: JSONValue) -> String? {
        let course = details["course"]
        for value in [course?["id"], course, details["course_id"], details["courseId"]] {
            guard let text = value?.identifierText, !text.isEmpty, !context.screen.condemns(text) else {
                continue
            }
            return text
        }
        return nil
    }

    /// Some activity values carry a stray comma.
    private static func trimmed(_ activity: String) -> String {
        let isStray: (UInt8) -> Bool = { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: " ") }
        guard let first = activity.utf8.first, let last = activity.utf8.last, isStray(first) || isStray(last) else {
            return activity
        }
        let bytes = Array(activity.utf8)
        let start = bytes.firstIndex { !isStray($0) } ?? bytes.endIndex
        let end = bytes.lastIndex { !isStray($0) } ?? start
        return start < bytes.endIndex ? String(decoding: bytes[start...end], as: UTF8.self) : activity
    }
}
