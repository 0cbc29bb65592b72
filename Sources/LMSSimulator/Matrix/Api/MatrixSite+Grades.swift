import NIOCore

extension MatrixSite {
    mutating func assignments(_ arguments: MatrixArguments) throws(MatrixArguments.Problem) -> SimulatedAnswer {
        let index = try course(arguments)
        return array(.assignments, call: MatrixHostileCall(course: school.classes[index].id)) { site in
            let course = site.school.classes[index]
            for assignment in course.assignments where !assignment.isDeleted {
                let record = MatrixObject(site.writer, site.wire)
                record.integer("id", assignment.id)
                record.text("name", assignment.name)
                record.text("type", assignment.type)
                record.value("points") { site.wire.points(assignment.points, to: $0) }
                record.text("category", assignment.category)
                record.text("grading", assignment.grading.rawValue)
                if course.weightsByCategory, let weight = assignment.weight {
                    record.value("weight") { $0.hundredths(weight) }
                }
                if !course.isSelfPaced {
                    record.time("begin", assignment.begin)
                    record.time("end", assignment.end)
                    record.bool("given", assignment.isGiven)
                }
                record.bool("gateway", assignment.gatewayThreshold != nil)
                if let threshold = assignment.gatewayThreshold {
                    // As a number or as text, as all percentages of the platform.
                    record.value("gateway_threshold") { writer in
                        if assignment.id % 2 == 0 { return writer.hundredths(threshold) }
                        writer.raw("\"")
                        writer.hundredths(threshold)
                        writer.raw("%\"")
                    }
                }
                record.integer("lesson", assignment.lesson)
                record.end()
                site.writer.byte(UInt8(ascii: ","))
            }
        }
    }

    mutating func gradebook(_ arguments: MatrixArguments) throws(MatrixArguments.Problem) -> SimulatedAnswer {
        let index = try course(arguments)
        let comment =
            faults.gradebookCommentBytes > 0 ? String(repeating: "x", count: faults.gradebookCommentBytes) : nil
        return array(.gradebook, call: MatrixHostileCall(course: school.classes[index].id)) { site in
            let course = site.school.classes[index]
            let periods = max(course.periods.count, 1)
            let places = (0..<periods).map { course.places(inPeriod: $0) }
            for enrollment in course.enrollments where site.isInGradebook(enrollment) {
                let mark = course.mark(of: enrollment)
                let record = MatrixObject(site.writer, site.wire)
                record.integer("user_id", site.id(ofUser: enrollment.user))
                record.percent("percent", mark.percent)
                record.text("grade", mark.grade)
                record.value("grading_periods") { writer in
                    writer.byte(UInt8(ascii: "["))
                    for period in 0..<periods {
                        site.write(period, of: course, enrollment, places[period], comment)
                        writer.byte(UInt8(ascii: ","))
                    }
                    writer.close(UInt8(ascii: "]"))
                }
                record.end()
                site.writer.byte(UInt8(ascii: ","))
            }
        }
    }

    /// A grading period of one learner; a class without periods has all assignments in a default one.
    private func write(
        _ period: Int,
        of course: MatrixClass,
        _ enrollment: MatrixEnrollment,
        _ places: [Int],
        _ comment: String?
    ) {
        let mark = course.mark(of: enrollment, period: course.periods.isEmpty ? nil : period)
        let record = MatrixObject(writer, wire)
        record.text("name", course.periods.isEmpty ? "Default" : course.periods[period].name)
        record.percent("percent", mark.percent)
        record.text("grade", mark.grade)
        record.value("assignments") { writer in
            writer.byte(UInt8(ascii: "["))
            for place in places {
                let cell =
                    enrollment.cells.first { Int($0.assignment) == place } ?? MatrixCell(assignment: Int32(place))
                write(cell, of: course, comment)
                writer.byte(UInt8(ascii: ","))
            }
            writer.close(UInt8(ascii: "]"))
        }
        record.end()
    }

    private func write(_ cell: MatrixCell, of course: MatrixClass, _ comment: String?) {
        let assignment = course.assignments[Int(cell.assignment)]
        let mark = course.mark(of: cell)
        let record = MatrixObject(writer, wire)
        record.integer("id", assignment.id)
        record.percent("percent", mark.percent, code: cell.code)
        record.text("grade", cell.code?.rawValue ?? mark.grade)
        record.value("score") { wire.number(Int(cell.score), code: cell.code, isPercent: false, to: $0) }
        record.value("points") { wire.points(assignment.points, to: $0) }
        record.text("comment", comment ?? (cell.code == nil ? nil : "PLANTED-comment"))
        record.state("submitted_at", cell.submittedAt)
        record.integer("grader_id", id(ofUser: cell.grader))
        if cell.grader >= 0, assignment.type == "Quiz" { record.bool("gradebook", true) }
        record.end()
    }
}
