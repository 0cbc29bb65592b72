import Extractor

/// The functions of the API that may be called: the allow-list of Sources/Platforms/Matrix/README.md §1.
///
/// Every function of this API is a plain GET, those that delete too. A request can be built from a case of this
/// enumeration and from nothing else: no name comes from a configuration or from an answer.
enum MatrixFunction: String, CaseIterable, Sendable {
    case version = "get_version"
    case allUsers = "get_all_users"
    case usersWithIDs = "get_users_with_ids"
    case allClasses = "get_all_classes"
    case classesWithIDs = "get_classes_with_ids"
    case studentsForClass = "get_students_for_class"
    case teachersForClass = "get_teachers_for_class"
    case assignmentsForClass = "get_assignments_for_class"
    case gradesForClass = "get_grades_for_class"
    case classCompletions = "get_all_class_completions"
    case organizations = "get_all_organizations"
    case sessionDetails = "get_session_details"

    /// The path below the API root.
    var path: String { "/" + rawValue }
}

/// Builds the requests of one source: the function, the key, the pinned version, the arguments.
struct MatrixCalls: Sendable {
    private let key: Secret
    private let sendsForm: Bool
    private let paths: [String: String]

    init(key: Secret, sendsForm: Bool = false, paths: [String: String] = [:]) {
        self.key = key
        self.sendsForm = sendsForm
        self.paths = paths
    }

    /// The request for a function.
    ///
    /// Without a version the newest one would answer, so it is always pinned. The key is a secret argument: of the
    /// query, or of a form where proxies on the way write down addresses (`options.key_in`).
    func request(
        _ function: MatrixFunction,
        _ arguments: [(String, String)] = [],
        stream: String
    ) -> APIRequest {
        let path = paths[function.path] ?? function.path
        let plain = [("api_version", "1")] + arguments
        guard sendsForm else {
            return APIRequest(.get, path, query: plain, secretQuery: [("api_key", key)], stream: stream)
        }
        let form = plain.map { APIRequest.Argument($0.0, $0.1) } + [APIRequest.Argument("api_key", key)]
        return APIRequest(.post, path, body: .form(form), stream: stream)
    }

    /// The request for what has these ids: an array is its name with brackets, once for each element.
    func request(_ function: MatrixFunction, _ name: String, _ ids: [String], stream: String) -> APIRequest {
        request(function, ids.map { ("\(name)[]", $0) }, stream: stream)
    }
}
