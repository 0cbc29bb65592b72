/// Every switch of a MATRIX simulator.
package typealias MatrixFaults = FaultSwitches<MatrixSwitches>

/// The switches that only MATRIX has; Sources/Platforms/Matrix/README.md §9.
///
/// A property that ends in `Calls` counts the next calls that are hit and goes down to 0 by itself.
package struct MatrixSwitches: PlatformSwitches {
    // MARK: rate limit

    /// Above so many calls a minute the API is off for `ratePauseSeconds`; the platform's number is 120, 0 is no limit.
    package var rateLimitPerMinute = 0
    /// The minute is `sliding` or `fixed` (from second 0 to 59).
    package var rateLimitWindow = "sliding"
    /// Whose seconds count: `real` or `school` (the simulated clock).
    package var rateLimitClock = "real"
    /// The status of a refusal: 400, 403, 429 or 503.
    package var rateLimitStatus = 400
    /// Whether the message names the limit.
    package var rateLimitSaysLimit = true
    /// How long the API is off.
    package var ratePauseSeconds = 60.0
    /// A call during the pause begins it anew.
    package var ratePauseProlonged = false
    /// The status of calls during the pause; 0 for `rateLimitStatus`. A 401 says `Invalid API key`.
    package var ratePauseStatus = 0
    /// Calls a minute that another client of the same site makes.
    package var otherClientCalls = 0

    // MARK: answers

    /// 200 with `{"message":…}` instead of the data.
    package var messageCalls = 0
    /// 400 with `{"message":…}`.
    package var badRequestCalls = 0
    /// The message of both.
    package var messageText = "Something went wrong"
    /// The version that answers where `api_version` is left out; from 2 on lists come as `{"data":[…]}`.
    package var newestVersion = 1
    /// A POST with the arguments in a form body is understood.
    package var acceptsForm = false

    // MARK: values

    /// Times have `minutes`, `seconds` or `fractions` (milliseconds).
    package var timeForm = "minutes"
    /// Offsets are written `colon` (`+02:00`), `compact` (`+0200`) or `zulu` (UTC, `Z`).
    package var offsetForm = "colon"
    /// How many minutes the site's zone is ahead of UTC.
    package var siteOffsetMinutes = 120
    /// Percentages and scores come as `text`, `number`, `percent_sign`, with null as the `empty` text, or with the
    /// special grade's `code` in their place.
    package var percentForm = "text"
    /// Members that would be null are left out, except states of an enrollment.
    package var absentNulls = false
    /// Members of any record that are left out though the school has values, as of a feature that was switched off.
    package var leavesOut: [String] = []
    /// The other spellings: `weighting_using_categories`, `start_at`, `finish_at`, and `categories` for the category.
    package var otherSpellings = false
    /// Families are on: users say whether they are parents, and whose.
    package var families = false
    /// A school field of this name shadows a standard key of users and classes; empty for none.
    package var shadowField = ""
    /// Every gradebook comment is so many bytes long.
    package var gradebookCommentBytes = 0

    // MARK: lists

    /// Lists that ignore `page`: `users`, `classes`, `organizations`.
    package var ignorePage: [String] = []
    /// By list, a page in whose place the one before it comes again.
    package var repeatedPage: [String: Int] = [:]
    /// By list, a page that has half as many rows as it should; later pages follow on.
    package var shortPage: [String: Int] = [:]
    /// Rows that arrive at the front while a list is walked.
    package var shifts: [ListShift] = []
    /// The walk of all users leaves archived ones out.
    package var walkHidesArchived = false
    /// Rosters leave unenrolled learners out.
    package var rosterHidesUnenrolled = false
    /// Gradebooks leave unenrolled learners out.
    package var gradebookHidesUnenrolled = false
    /// The site drops all history at unenrollment: roster, gradebook and completions.
    package var dropsHistory = false
    /// The first active learner of each roster stands in it twice, the older and ended enrollment last.
    package var rosterTwins = false
    /// `student` of a completion has no `completed_at`.
    package var completionsLackTime = false
    /// Bounds of completion filters count their own day (`inclusive`) or not (`exclusive`).
    package var completionDates = "inclusive"
    /// Ids that do not exist are `dropped`, or the whole call is an `error`.
    package var unknownIds = "dropped"
    /// The most ids of one call; more are an error. 0 is no limit.
    package var largestBatch = 0
    /// Calls that answer with an empty array: a function (`get_all_users`), or one of a class (`get_teachers_for_class/503`).
    package var emptyLists: [String] = []
    /// Calls whose array lacks every other record, named the same way.
    package var halfLists: [String] = []
    /// How many calls those two hit before they switch themselves off; negative for all.
    package var shortenedCalls = -1
    /// Calls that answer with a status, named the same way: `get_grades_for_class/503` to 403.
    package var statusForCall: [String: Int] = [:]
    /// Rows that vanish from the front of a list while it is walked: `users`, `classes`.
    package var shrinks: [ListShift] = []
    /// How many days of sessions there are.
    package var sessionHorizonDays = 30.0

    /// No fault at all.
    package init() {}
}
