/// Every switch of a Grow or LearnWorlds simulator.
package typealias Faults = FaultSwitches<LearnWorldsSwitches>

/// The switches that only Grow and LearnWorlds have.
///
/// A property that ends in `Calls` counts the next calls that are hit and goes down to 0 by itself.
package struct LearnWorldsSwitches: PlatformSwitches {
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

    /// 200 with `success: false`.
    package var successFalseCalls = 0
    /// Shape of error bodies: `errors` (`{"errors":[…],"success":false}`) or `error` (`{"error":"text"}`).
    package var errorBody = "errors"

    // MARK: lists

    /// Behind the last page: `documented` (each list as the table of Sources/Platforms/LearnWorlds/README.md §2 says),
    /// `repeat`, `empty`, or `mixed` (in turn).
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
    /// Lists whose path and filter (`/v2/certificates?course_id=x`) contain one of these texts answer with nothing: 200, total 0.
    package var emptyLists: [String] = []
    /// Lists whose path and filter contain one of these texts lack every other row, and their totals agree with that.
    package var halfLists: [String] = []
    /// Rows that vanish from the front of a list while it is read: `users` or `courses`.
    package var shrinks: [ListShift] = []
    /// The page behind such a page counts itself as the last one.
    package var shortTotals: [ListShift] = []
    /// The page behind such a page begins with the last row of that page.
    package var repeats: [ListShift] = []
    /// Rosters keep learners whose access has expired.
    package var rosterKeepsExpired = false

    // MARK: fields

    /// Times are whole seconds (`integer`), always have decimals (`float`), or have them where they are not zero (`exact`).
    package var timeForm = TimeForm.exact
    /// Titles and names are HTML-escaped so many times, 0 to 2.
    package var escapeTitles = 0
    /// `tags` is null on everybody.
    package var nullTags = false

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
}
