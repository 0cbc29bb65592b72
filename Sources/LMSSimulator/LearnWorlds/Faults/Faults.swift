import Foundation

/// Every switch of the simulator.
///
/// JSON keys are these names in snake_case (`emptyIs404` is `empty_is404`); keys that are not sent keep their value.
/// A property that ends in `Calls` counts the next calls that are hit and goes down to 0 by itself; token calls are
/// never hit by those, except by `tokenErrorCalls`.
package struct Faults: Codable, Sendable, Equatable {
    // MARK: credentials

    /// Life of a token in simulated seconds; 0 takes the product's own (8000 s, or a year on Grow).
    package var tokenLife = 0.0
    /// Tokens die after so many calls, whatever life they were promised; 0 never.
    package var tokenDiesAfterCalls = 0
    /// Every token that is out dies at the next call; switches itself off.
    package var revokeTokens = false
    /// The secret is refused: `access_denied`, 400.
    package var refuseSecret = false
    /// The next so many token calls answer 500.
    package var tokenErrorCalls = 0
    /// Token bodies that are understood, of `data`, `form`, `json`; another one answers 400.
    package var tokenBodies = ["data", "form", "json"]
    /// The token endpoint answers under `/v2/oauth2/access_token` only.
    package var tokenPathUnderV2 = false
    /// A token call hands out the living token again, with its remaining life.
    package var sameToken = false
    /// A token that is always accepted besides minted ones; empty for none.
    package var staticToken = ""
    /// An unknown object id answers 401 instead of 404.
    package var badIdIs401 = false

    // MARK: answers

    /// The fields below that count calls hit only paths that contain this text; empty for all.
    package var onlyPaths = ""
    /// 200 with `success: false`.
    package var successFalseCalls = 0
    /// Shape of error bodies: `errors` (`{"errors":[…],"success":false}`) or `error` (`{"error":"text"}`).
    package var errorBody = "errors"
    /// A burst of server errors with `serverErrorStatus`.
    package var serverErrorCalls = 0
    /// The status of that burst.
    package var serverErrorStatus = 500
    /// 429 for so many calls.
    package var tooManyRequestsCalls = 0
    /// 429 from the call after so many within `rateWindow` real seconds; 0 for no limit.
    package var rateLimit = 0
    /// The window of `rateLimit` in real seconds.
    package var rateWindow = 10.0
    /// Value of `Retry-After` on a 429; empty for no header.
    package var retryAfter = ""
    /// A login page in HTML, with 200.
    package var htmlCalls = 0
    /// A redirect to `redirectTo`.
    package var redirectCalls = 0
    /// The target of redirects.
    package var redirectTo = "http://127.0.0.1:9/elsewhere"
    /// The status of redirects.
    package var redirectStatus = 302
    /// The body ends in the middle and the connection is closed.
    package var truncatedCalls = 0
    /// The connection is closed without an answer.
    package var closedCalls = 0
    /// Nothing is answered and the connection stays open.
    package var stalledCalls = 0
    /// The body drips at `dripBytesPerSecond`.
    package var dripCalls = 0
    /// Speed of a dripping body.
    package var dripBytesPerSecond = 2
    /// Every answer waits so many real milliseconds.
    package var delayMilliseconds = 0
    /// 200 with an empty body.
    package var emptyBodyCalls = 0
    /// A good body followed by more bytes.
    package var trailingBytesCalls = 0
    /// Paths (exact, after `/admin/api`) that always answer the given status.
    package var statusForPath: [String: Int] = [:]

    // MARK: lists

    /// Behind the last page: `documented` (each list as the guide's table says), `repeat`, `empty`, or `mixed` (in turn).
    package var pastTheEnd = "documented"
    /// An empty list is 404: `nested` (lists below a course, learner or unit, and certificates), `all`, or `never`.
    package var emptyIs404 = "nested"
    /// Smaller caps of the page size by list name; applied silently.
    package var pageSizeCaps: [String: Int] = [:]
    /// Sizes asked for are ignored.
    package var ignoreSizes = false
    /// A size on a list that documents none: `ignore`, `honour`, or `reject` (422).
    package var undocumentedSizes = "ignore"
    /// `meta.totalItems` counts the page instead of the list.
    package var totalItemsIsPage = false
    /// Rows that arrive while a list is read.
    package var shifts: [ListShift] = []
    /// Rosters keep learners whose access has expired.
    package var rosterKeepsExpired = false
    /// Hostile records, each added to one page of one list.
    package var hostile: [HostileRecord] = []

    // MARK: fields

    /// Titles and names are HTML-escaped so many times, 0 to 2.
    package var escapeTitles = 0
    /// `tags` is null on everybody.
    package var nullTags = false
    /// Passwords, tokens and national ids are planted in `fields`, answers and events.
    package var plantSecrets = false

    // MARK: event log

    /// Which event path answers: `own`, `other`, or `both`.
    package var eventPath = "own"
    /// `created_after` includes its own moment.
    package var createdAfterInclusive = false
    /// `created_before` includes its own moment.
    package var createdBeforeInclusive = false
    /// Events written from now on show only so many simulated seconds after `created`.
    package var lateEventsSeconds = 0.0
    /// Every change writes its events twice, with the same time.
    package var twinEvents = false
    /// Activities end in a stray comma.
    package var strayCommaActivities = false

    /// No fault at all.
    package init() {}

    /// These switches with the keys of a JSON object put over them.
    func merging(json: [UInt8]) throws(SimulatorError) -> Faults {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        do {
            let current = try JSONSerialization.jsonObject(with: encoder.encode(self)) as? [String: Any] ?? [:]
            guard let wanted = try JSONSerialization.jsonObject(with: Data(json)) as? [String: Any] else {
                throw SimulatorError("faults must be a JSON object")
            }
            for key in wanted.keys where current[key] == nil {
                throw SimulatorError(
                    "no fault named \(key); there are \(current.keys.sorted().joined(separator: ", "))"
                )
            }
            let merged = current.merging(wanted) { $1 }
            return try decoder.decode(Faults.self, from: JSONSerialization.data(withJSONObject: merged))
        } catch let error as SimulatorError {
            throw error
        } catch {
            throw SimulatorError("faults are not readable: \(error)")
        }
    }

    var json: [UInt8] {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys]
        return (try? encoder.encode(self)).map { [UInt8]($0) } ?? []
    }
}

/// A row that arrives at the front of a list right after one of its pages was served.
package struct ListShift: Codable, Sendable, Equatable {
    /// The list's name: `users`, `courses`, `grades`, `certificates` or `events`.
    package var list: String
    /// The page after which the row arrives.
    package var afterPage: Int
    /// How often this happens before it switches itself off.
    package var times: Int

    /// Makes a shift.
    package init(list: String, afterPage: Int, times: Int = 1) {
        self.list = list
        self.afterPage = afterPage
        self.times = times
    }
}
