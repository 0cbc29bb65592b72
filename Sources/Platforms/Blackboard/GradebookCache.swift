import Records
import Synchronization
import Transformer

/// The gradebooks a run has read: their columns, and the titles of their categories.
///
/// Categories have no table of their own: their titles are kept with the watermark of the course's columns, so that
/// they are asked for again only when a column names an unknown one.
final class GradebookCache: Sendable {
    private struct Entry {
        var columns: [GradebookColumn] = []
        /// Columns whose category is unknown: they are stored again once its title is known.
        var uncategorised: [(category: String, record: Assessment)] = []
        var categories: [String: String] = [:]
        var readAt: Timestamp?
        var isRead = false
        /// Whether this run has read the categories, and had done so before it read the columns.
        var hasCategories = false
        var isWhole = false
        /// When columns and categories were last read whole.
        var verifiedAt: Timestamp?
        /// Whether the categories were asked for because of what is uncategorised.
        var isAsked = false
    }

    private let entries = Mutex<[String: Entry]>([:])

    /// The member of the watermark that holds `id=title` of each category.
    private static let member = "categories"

    /// The member that holds the platform's own id of the course's total, which is stored under another.
    static let totalMember = "total_column"

    /// Takes up what earlier runs have learnt of a course's categories.
    func restore(_ course: String, from position: MarkPosition?) {
        let known = (position?.list(Self.member) ?? []).compactMap { text -> (String, String)? in
            guard let mark = text.firstIndex(of: "=") else { return nil }
            return (String(text[..<mark]), String(text[text.index(after: mark)...]))
        }
        entries.withLock { entries in
            entries[course, default: Entry()].categories.merge(known) { present, _ in present }
            entries[course, default: Entry()].verifiedAt = position?.time(BlackboardLists.verifiedAt)
        }
    }

    func categories(of course: String) -> [String: String] {
        entries.withLock { $0[course]?.categories ?? [:] }
    }

    func note(categories: [String: String], of course: String) {
        entries.withLock { entries in
            entries[course, default: Entry()].categories.merge(categories) { $1 }
            entries[course, default: Entry()].hasCategories = true
        }
    }

    /// Forgets the columns of a walk that is repeated.
    func begin(_ course: String) {
        entries.withLock { entries in
            entries[course, default: Entry()].columns = []
            entries[course, default: Entry()].uncategorised = []
            entries[course, default: Entry()].isRead = false
            let hasCategories = entries[course]?.hasCategories ?? false
            entries[course]?.isWhole = hasCategories
        }
    }

    func note(_ columns: [GradebookColumn], _ records: [Assessment], of course: String) {
        entries.withLock { entries in
            var entry = entries[course, default: Entry()]
            entry.columns += columns
            for (column, record) in zip(columns, records) {
                if let category = column.categoryID, entry.categories[category] == nil {
                    entry.uncategorised.append((category, record))
                }
            }
            entries[course] = entry
        }
    }

    func end(_ course: String, isComplete: Bool, at time: Timestamp) {
        entries.withLock { entries in
            entries[course, default: Entry()].isRead = isComplete
            entries[course, default: Entry()].readAt = time
            if isComplete, entries[course]?.isWhole ?? false { entries[course]?.verifiedAt = time }
        }
    }

    /// The columns of a course whose list this run has read.
    func gradebook(_ course: String) -> Gradebook? {
        entries.withLock { entries in
            guard let entry = entries[course], entry.isRead else { return nil }
            return Gradebook(course: course, columns: entry.columns)
        }
    }

    /// The gradebooks whose list of columns this run has read, by course.
    var gradebooks: [Gradebook] {
        entries.withLock { entries in
            entries.filter(\.value.isRead).sorted { $0.key < $1.key }
                .map { Gradebook(course: $0.key, columns: $0.value.columns) }
        }
    }

    /// The courses of which a column names a category whose title nobody knows; each is named once.
    func coursesLackingCategories() -> [String] {
        entries.withLock { entries in
            let courses = entries.filter { !$0.value.uncategorised.isEmpty && !$0.value.isAsked }.keys.sorted()
            for course in courses { entries[course]?.isAsked = true }
            return courses
        }
    }

    /// The columns stored without their category's title, with it.
    func takeUncategorised(_ course: String) -> Batch<Assessment> {
        var batch = Batch<Assessment>(stream: "assessments")
        entries.withLock { entries in
            guard let entry = entries[course] else { return }
            for (category, record) in entry.uncategorised {
                guard let title = entry.categories[category] else { continue }
                var record = record
                record.category = title
                batch.records.append(record)
            }
            entries[course]?.uncategorised = []
        }
        return batch
    }

    /// The watermark of a course's columns.
    func columnMark(_ course: String) -> [StateChange] {
        entries.withLock { entries in
            guard let entry = entries[course], let time = entry.readAt else { return [] }
            var position = MarkPosition()
            position.set("read_at", time)
            position.set(BlackboardLists.verifiedAt, entry.verifiedAt)
            position.set(Self.totalMember, text: entry.columns.first(where: \.isTotal)?.id)
            position.set(Self.member, list: entry.categories.map { "\($0.key)=\($0.value)" }.sorted())
            return [.watermark(stream: "assessments", partition: course, position: position, asOf: time)]
        }
    }

    /// The same once categories were read after the columns; nothing where the columns come later.
    func categoryMark(_ course: String) -> [StateChange] {
        entries.withLock { $0[course]?.isRead ?? false } ? columnMark(course) : []
    }
}
