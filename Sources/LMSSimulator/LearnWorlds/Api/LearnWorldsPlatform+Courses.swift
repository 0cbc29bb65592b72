extension LearnWorldsPlatform {
    func courses(_ request: SimulatedRequest, _ world: inout LearnWorldsSite) -> SimulatedAnswer {
        let count = world.school.courseOrder.count
        return page(.courses, count: count, of: request, in: &world) { place, writer, world in
            let course = world.school.courses[Int(world.school.courseOrder[count - 1 - place])]
            write(course, to: writer, world.faults)
        }
    }

    /// The course with this id, while it exists.
    func findCourse(_ slug: String, _ world: LearnWorldsSite) -> Int? {
        guard let index = world.school.courseBySlug[slug], !world.school.courses[Int(index)].isDeleted else {
            return nil
        }
        return Int(index)
    }

    func course(_ slug: String, _ world: inout LearnWorldsSite) -> SimulatedAnswer {
        guard let index = findCourse(slug, world) else { return noSuchObject(world) }
        world.writer.reset()
        write(world.school.courses[index], to: world.writer, world.faults)
        return finishObject(world.writer)
    }

    func contents(_ slug: String, _ world: inout LearnWorldsSite) -> SimulatedAnswer {
        guard let index = findCourse(slug, world) else { return noSuchObject(world) }
        let course = world.school.courses[index]
        let writer = world.writer
        writer.reset()
        writer.raw("{\"id\":")
        writer.string(course.slug)
        writer.raw(",\"title\":")
        writer.string(escaped(course.title, world.faults))
        writer.raw(",\"sections\":[")
        for (place, section) in course.sections.enumerated() {
            writer.raw("{\"id\":")
            writer.string(section.id)
            writer.raw(",\"title\":")
            writer.string(escaped(section.title, world.faults))
            writer.raw(",\"description\":null,\"access\":")
            writer.string(section.access)
            writer.raw(",\"drip\":null,\"learningUnits\":[")
            for unit in course.units where unit.section == place && unit.isListed {
                write(unit, to: writer, world.faults)
                writer.byte(UInt8(ascii: ","))
            }
            writer.close(UInt8(ascii: "]"))
            writer.raw("},")
        }
        writer.close(UInt8(ascii: "]"))
        writer.raw("}")
        return finishObject(writer)
    }

    private func write(_ unit: CourseUnit, to writer: ByteWriter, _ faults: Faults) {
        writer.raw("{\"type\":")
        writer.string(unit.type)
        writer.raw(",\"id\":")
        writer.string(unit.id)
        writer.raw(",\"icon\":")
        writer.string(unit.isAssessment ? "exam" : "video")
        writer.raw(",\"title\":")
        writer.string(escaped(unit.title, faults))
        writer.raw(",\"subtitle\":")
        writer.string(unit.isAssessment ? "Assessment" : "Unit")
        writer.raw("}")
    }

    private func write(_ course: Course, to writer: ByteWriter, _ faults: Faults) {
        writer.raw("{\"id\":")
        writer.string(course.slug)
        writer.raw(",\"title\":")
        writer.string(escaped(course.title, faults))
        writer.raw(",\"expires\":")
        if let expires = course.expires { writer.integer(expires) } else { writer.raw("null") }
        writer.raw(",\"expiresType\":")
        writer.string(course.expiresType)
        writer.raw(",\"afterPurchase\":null,\"categories\":")
        write(course.categories, to: writer)
        writer.raw(",\"description\":")
        writer.string(course.description)
        writer.raw(",\"label\":")
        writer.string(course.label)
        writer.raw(",\"author\":null,\"courseImage\":null,\"original_price\":")
        writer.hundredths(course.finalPrice)
        writer.raw(",\"discount_price\":0,\"final_price\":")
        writer.hundredths(course.finalPrice)
        writer.raw(",\"dripFeed\":\"none\",\"identifiers\":{\"google_store_id\":")
        writer.string(course.code)
        writer.raw(",\"apple_store_id\":")
        writer.string(course.code)
        writer.raw(",\"slug\":")
        writer.string(course.code)
        writer.raw("},\"access\":")
        writer.string(course.access.rawValue)
        writer.raw(",\"created\":")
        writer.time(course.createdAt)
        writer.raw(",\"modified\":")
        writer.time(course.modifiedAt)
        if faults.plantSecrets { writer.raw(",\"client_secret\":\"PLANTED-course-secret\"") }
        writer.raw("}")
    }

    func write(_ texts: [String]?, to writer: ByteWriter) {
        guard let texts else { return writer.raw("null") }
        writer.raw("[")
        for text in texts {
            writer.string(text)
            writer.byte(UInt8(ascii: ","))
        }
        writer.close(UInt8(ascii: "]"))
    }

    /// The text with HTML entities, as often as the switches say.
    func escaped(_ text: String, _ faults: Faults) -> String {
        guard faults.escapeTitles > 0 else { return text }
        var text = text
        for _ in 0..<min(faults.escapeTitles, 2) {
            var escaped = ""
            for character in text {
                switch character {
                case "&": escaped += "&amp;"
                case "<": escaped += "&lt;"
                case ">": escaped += "&gt;"
                case "\"": escaped += "&quot;"
                case "'": escaped += "&#039;"
                default: escaped.append(character)
                }
            }
            text = escaped
        }
        return text
    }
}
