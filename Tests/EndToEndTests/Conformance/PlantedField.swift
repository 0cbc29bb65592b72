/// A field that nobody knows, put into every answer of a list.
struct PlantedField: Sendable {
    /// What the address of the list contains.
    var list: String
    /// Where the field goes: before this text, or behind it where it opens an object.
    var place: String
    /// How the drift has to name it.
    var field: String

    init(_ list: String, _ place: String, _ field: String) {
        (self.list, self.place, self.field) = (list, place, field)
    }

    /// The answer with the field in it.
    func plant(in body: String) -> String {
        let name = field.split(separator: ".").last.map(String.init) ?? field
        let member = "\"\(name)\":1,"
        return body.replacing(place, with: place.hasSuffix("{") ? place + member : member + place)
            // The object was empty.
            .replacing(member + "}", with: member.dropLast() + "}")
    }

    /// Places of each kind, in every list and one level down.
    static let places: [String: [PlantedField]] = [
        "grow": learnWorlds, "learnworlds": learnWorlds, "blackboard": blackboard, "matrix": matrix,
    ]

    private static let learnWorlds = [
        PlantedField("/v2/courses?", #""identifiers":{"#, "identifiers.zz_identifiers"),
        PlantedField("/v2/courses?", #""identifiers""#, "zz_course"),
        PlantedField("/contents", #""subtitle""#, "sections[].learningUnits[].zz_unit"),
        PlantedField("/contents", #""learningUnits""#, "sections[].zz_section"),
        PlantedField("/v2/users?", #""is_affiliate""#, "zz_user"),
        PlantedField("/v2/users?", #""role":{"#, "role.zz_role"),
        PlantedField("/v2/courses/", #""is_suspended""#, "zz_roster"),
        PlantedField("/v2/users/", #""course":{"#, "course.zz_embedded"),
        PlantedField("/v2/users/", #""total_units""#, "zz_progress"),
        PlantedField("/v2/users/", #""unit_duration""#, "progress_per_section_unit[].units[].zz_unit_progress"),
        PlantedField("/grades", #""learningUnit":{"#, "learningUnit.zz_learning_unit"),
        PlantedField("/v2/certificates", #""user":{"#, "user.zz_holder"),
        PlantedField("/v2/event", #""user":{"#, "user.zz_actor"),
        PlantedField("/responses", #""passed""#, "zz_response"),
    ]
    private static let blackboard = [
        PlantedField("/v3/courses", #""courseId""#, "zz_course"),
        PlantedField("/v3/courses", #""availability":{"#, "availability.zz_availability"),
        PlantedField("/v3/courses", #""duration":{"#, "availability.duration.zz_duration"),
        PlantedField("/v1/terms", #""name""#, "zz_term"),
        PlantedField("/v1/users", #""userName""#, "zz_user"),
        PlantedField("/v1/users", #""name":{"#, "name.zz_name"),
        PlantedField("/v1/users", #""contact":{"#, "contact.zz_contact"),
        PlantedField("/users?", #""courseRoleId""#, "zz_membership"),
        PlantedField("/gradebook/columns?", #""score":{"#, "score.zz_score"),
        PlantedField("/gradebook/columns?", #""grading":{"#, "grading.zz_grading"),
        PlantedField("/gradebook/categories", #""title""#, "zz_category"),
        PlantedField("/gradebook/", #""displayGrade":{"#, "displayGrade.zz_display"),
        PlantedField("/contentReviewStatus", #""reviewedCount""#, "zz_review"),
    ]
    private static let matrix = [
        PlantedField("get_all_users", #""organization_id""#, "zz_user"),
        PlantedField("get_all_organizations", #""internal""#, "zz_organization"),
        PlantedField("get_students_for_class", #""time_spent""#, "zz_roster"),
        PlantedField("get_teachers_for_class", #""coteacher""#, "zz_teacher"),
        PlantedField("get_assignments_for_class", #""gateway""#, "zz_assignment"),
        PlantedField("get_grades_for_class", #""user_id""#, "zz_line"),
        PlantedField("get_grades_for_class", #""assignments""#, "grading_periods[].zz_period"),
        PlantedField("get_grades_for_class", #""grader_id""#, "grading_periods[].assignments[].zz_cell"),
        PlantedField("get_all_class_completions", #""class":{"#, "class.zz_class"),
        PlantedField("get_all_class_completions", #""student":{"#, "student.zz_student"),
        PlantedField("get_all_class_completions", #""printable""#, "certificates[].zz_award"),
        PlantedField("get_session_details", #""count""#, "zz_sessions"),
        PlantedField("get_session_details", #""logout_at""#, "sessions[].zz_session"),
    ]
}
