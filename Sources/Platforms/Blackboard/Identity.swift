import Extractor
import JSON

/// Whether an id still names the record it named: ids of a site change when it is moved to another database, uuids do not.
enum Identity {
    /// The uuid among the kept fields of a course or learner.
    static func uuid(in fields: String) -> String? {
        (try? JSONDocument(parsing: Array(fields.utf8)))?.withRoot { $0["uuid"]?.string }
    }

    /// - Throws: what stops the source, when more than 1 % of a page's records are others than those known by their ids.
    static func check(others: Int, of count: Int, _ what: String) throws(ExtractorError) {
        guard others * 100 > count else { return }
        throw ExtractorError(
            .identitiesChanged,
            "\(others) of \(count) \(what) of a page have the id of another one (uuid): was the site moved to another "
                + "database? All its ids are new then, and it has to be read as a source of its own"
        )
    }
}
