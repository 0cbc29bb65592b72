import NIOCore

extension MatrixSite {
    mutating func classes(
        _ arguments: MatrixArguments,
        _ request: SimulatedRequest
    ) throws(MatrixArguments.Problem) -> SimulatedAnswer {
        let wanted = try arguments.flag("archived")
        let order = school.classOrder.filter { wanted == nil || school.classes[Int($0)].isArchived == wanted }
        return try page(.classes, of: order, arguments, request) { index, site in site.write(course: index) }
    }

    mutating func classes(with arguments: MatrixArguments) throws(MatrixArguments.Problem) -> SimulatedAnswer {
        var found: [Int] = []
        for id in try arguments.ids("class_ids", atMost: faults.largestBatch) {
            if let index = school.classByID[id], !school.classes[Int(index)].isDeleted {
                found.append(Int(index))
            } else if faults.unknownIds == "error" {
                throw MatrixArguments.Problem(message: "Couldn't find class with id \(id)")
            }
        }
        writer.reset()
        writer.byte(UInt8(ascii: "["))
        for index in found {
            write(course: index)
            writer.byte(UInt8(ascii: ","))
        }
        writer.close(UInt8(ascii: "]"))
        return SimulatedAnswer(body: writer.buffer)
    }

    /// The class that `class_id` names.
    func course(_ arguments: MatrixArguments) throws(MatrixArguments.Problem) -> Int {
        let id = try arguments.integer("class_id")
        guard let index = school.classByID[id], !school.classes[Int(index)].isDeleted else {
            throw MatrixArguments.Problem(message: "Couldn't find class with id \(id)")
        }
        return Int(index)
    }

    func write(course index: Int) {
        let course = school.classes[index]
        let record = MatrixObject(writer, wire)
        record.integer("id", course.id)
        record.text("name", course.name)
        record.text("description", course.description)
        record.text("style", course.style)
        record.text("course_code", course.code)
        record.text("section_code", course.section)
        record.text("semester", course.semester)
        if faults.otherSpellings {
            record.time("start_at", course.start)
            record.time("finish_at", course.finish)
            record.bool("weighting_using_categories", course.weightsByCategory)
            record.value("categories") { writer in
                guard let category = course.category else { return writer.raw("[]") }
                writer.raw("[{\"id\":1,\"name\":")
                writer.string(category)
                writer.raw("}]")
            }
        } else {
            record.time("start", course.start)
            record.time("finish", course.finish)
            record.bool("weight_using_categories", course.weightsByCategory)
            record.text("catalog_category", course.category)
        }
        record.text("weighting_style", course.weightingStyle)
        record.bool("display_in_catalog", course.isInCatalog)
        record.bool("archived", course.isArchived)
        record.bool("template", course.isTemplate)
        record.integer("parent", course.parent < 0 ? nil : school.classes[Int(course.parent)].id)
        record.integer("credits", course.credits)
        record.text("language", course.language)
        record.text("time_zone", course.timeZone)
        record.text("picture", "https://media.example.test/PLANTED-picture.png")
        if !course.times.isEmpty { record.value("class_times") { write(timesOf: course, to: $0) } }
        record.value("grademap") { write(grademapOf: course, to: $0) }
        record.value("grading_periods") { write(periodsOf: course, to: $0) }
        if faults.plantSecrets { record.text("access_code", "PLANTED-class-access-code") }
        record.fields(course.fields)
        if !faults.shadowField.isEmpty {
            record.fields([MatrixField(name: faults.shadowField, value: "School value")])
        }
        record.end()
    }

    func write(grademapOf course: MatrixClass, to writer: ByteWriter) {
        writer.byte(UInt8(ascii: "["))
        for step in course.grademap {
            let item = MatrixObject(writer, wire)
            item.text("grade", step.grade)
            item.value("minimum_percent") { wire.minimum(step.minimum, to: $0) }
            item.end()
            writer.byte(UInt8(ascii: ","))
        }
        writer.close(UInt8(ascii: "]"))
    }

    func write(timesOf course: MatrixClass, to writer: ByteWriter) {
        writer.byte(UInt8(ascii: "["))
        for time in course.times {
            let item = MatrixObject(writer, wire)
            item.text("day", time.day)
            item.text("from", time.from)
            item.text("to", time.to)
            item.text("location", time.location)
            item.end()
            writer.byte(UInt8(ascii: ","))
        }
        writer.close(UInt8(ascii: "]"))
    }

    func write(periodsOf course: MatrixClass, to writer: ByteWriter) {
        writer.byte(UInt8(ascii: "["))
        for period in course.periods {
            let item = MatrixObject(writer, wire)
            item.text("name", period.name)
            item.percent("percent", period.percent * 100)
            item.state("start", period.start)
            item.end()
            writer.byte(UInt8(ascii: ","))
        }
        writer.close(UInt8(ascii: "]"))
    }
}
