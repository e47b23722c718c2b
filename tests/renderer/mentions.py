"""Mentions labelled by hand: which of some titles is the note on what an engine named, if any.

The label is a reader's: would who follows the link come to the note on this very concept? A wider
or a narrower one is another. Every third mention (`held_out`) was not looked at while the rules
were made and `matching.THRESHOLD` was chosen; `benchmarks/links.py` shows both parts.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Labelled:
    """A mention, the titles that there are, and the right one of them; None if none is."""

    language: str
    concept: str
    titles: tuple[str, ...]
    right: str | None
    held_out: bool = False


_SAME = {
    "en": """
        Peace negotiations = Peace negotiations
        PEACE NEGOTIATIONS = Peace negotiations
        Peace negotiation = Peace negotiations
        peace negotiations with the Ukraine = Peace negotiations with Ukraine
        Ukraine peace negotiations = Peace negotiations with Ukraine
        Spring tide = Spring tides
        The spring tide = Spring tides
        Spring Tides = Spring tide
        Vector field = Vector fields
        Curl of vector fields = Curl of a vector field
        Fourier transforms = Fourier transform
        Taylor polynomial = Taylor polynomials
        Kremlin's policy = Kremlins policy
        Policies of the Kremlin = Kremlin policy
        Sanctions against Russia = Sanction against Russia
        Impact of sanctions on Russia = The impact of sanctions on Russia
        Sanctions impact on Russia = Impact of sanctions on Russia
        Derivatives and integrals = Integrals and derivatives
        War between Russia and Ukraine = War between Ukraine and Russia
        Russia–Ukraine war = Ukraine–Russia war
        Harmonics, spherical = Spherical harmonics
        Putin, Vladimir = Vladimir Putin
        Vertices of a polyhedron = Vertex of a polyhedron
        Eigenvector = Eigenvectors
        Matrix = Matrices
        Theories of gravity = Theory of gravity
        Theory of gravitation = The theory of gravitation
        Hypothesis testing = Hypotheses testing
        Neural network = Neural networks
        Post-war Europe = Postwar Europe
        Non-linear equations = Nonlinear equation
        Data set = Dataset
        Counter-offensive = Counteroffensive
        NATO = Nato
        U.S. = US
        COVID-19 = Covid 19
        GPUs = GPU
        World Wars = World War
        Second World War = The Second World War
        Laws of large numbers = Law of large numbers
        Newton's laws of motion = Newtons law of motion
        Euler’s formula = Euler's formula
        Lighthouses = Lighthouse
        Women in science = Woman in science
        Wolves = Wolf
        Fresnel lenses = Fresnel lens
        Time zone = Time zones
        Greenwich meridian = Greenwich Meridian
        Meridian of Greenwich = Greenwich meridian
        Schrodinger equation = Schrödinger equation
        Role of Patrushev in Russian leadership = Patrushev's role in Russian leadership
        Space-filling curve = Space-filling curves
        Black holes = Black hole
        Cities = City
        Crises in banking = Crisis in banking
        History of Russian philosophy = Russian philosophy, history of
        C++ templates = C++ template
        Interest rates = Interest rate
        Rates of interest = Interest rate
        Supply-chain attacks = Supply chain attack
        Gradient descent method = Method of gradient descent
        Approximation of functions using Taylor series = Approximating functions using Taylor series
        Recruitment of soldiers = Recruiting soldiers
        Alexei Navalny = Alexey Navalny
        Civil society organisations = Civil society organizations
        peace talks = Peace negotiations
        WWII = Second World War
    """,
    "ru": """
        мирных переговоров = Мирные переговоры
        Мирными переговорами = Мирные переговоры
        мирные переговоры с Украиной = Мирные переговоры с Украиной
        переговоров с Украиной о мире = Переговоры с Украиной о мире
        частичной мобилизации = Частичная мобилизация
        Второй мировой войны = Вторая мировая война
        Великой Отечественной войне = Великая Отечественная война
        санкциями против России = Санкции против России
        влияние санкций на экономику = Влияние санкции на экономику
        ядерного оружия = Ядерное оружие
        ядерным оружием = Ядерное оружие
        Путина = Путин
        Владимира Путина = Владимир Путин
        Путин Владимир = Владимир Путин
        Алексея Навального = Алексей Навальный
        приливов и отливов = Приливы и отливы
        отливы и приливы = Приливы и отливы
        преобразования Фурье = Преобразование Фурье
        рядом Тейлора = Ряд Тейлора
        ряды Тейлора = Ряд Тейлора
        рынка труда = Рынок труда
        рынками труда = Рынок труда
        закон Ома = Закон Ома
        законами Ньютона = Законы Ньютона
        чёрных дыр = Черные дыры
        черной дырой = Чёрная дыра
        времени = Время
        Европейским союзом = Европейский союз
        истории России = История России
        историю Древнего Рима = История Древнего Рима
        теорией относительности = Теория относительности
        маяков Франции = Маяки Франции
        линзе Френеля = Линза Френеля
        выборы президента = Выборы президентов
        президентских выборах = Президентские выборы
        Организацией Объединённых Наций = Организация Объединенных Наций
        кремлём = Кремль
        немцами = Немцы
        Зеленского = Зеленский
        мирное соглашение с Украиной = Мирного соглашения с Украиной
        экономического кризиса = Экономический кризис
        экономике России = Экономика России
        отцов-основателей = Отцы-основатели
        людьми = Человек
        день победы = Дня победы
    """,
    "uk": """
        мирних переговорів = Мирні переговори
        Київської Русі = Київська Русь
        санкціями проти Росії = Санкції проти Росії
        економіки України = Економіка України
    """,
    "de": """
        Friedensverhandlung = Friedensverhandlungen
        Friedensverhandlungen mit der Ukraine = Friedensverhandlung mit der Ukraine
        Kalten Krieges = Kalter Krieg
        Kalten Krieg = Der Kalte Krieg
        künstlicher Intelligenz = Künstliche Intelligenz
        neuronalen Netzen = Neuronale Netze
        Gezeitenkräfte = Gezeitenkraft
        Leuchttürmen = Leuchttürme
        Leuchtturm = Leuchttürme
        Bücher des Mittelalters = Buch des Mittelalters
        Zweiten Weltkriegs = Zweiter Weltkrieg
        Deutschen Bundestages = Deutscher Bundestag
        Geschichte der Physik = Die Geschichte der Physik
        Zeitzone = Zeitzonen
        Lichtgeschwindigkeiten = Lichtgeschwindigkeit
        Ereignissen = Ereignis
        schwarze Löcher = Schwarzes Loch
        Vektorfelder = Vektorfeld
    """,
    "es": """
        negociación de paz = Negociaciones de paz
        ecuación diferencial = Ecuaciones diferenciales
        mareas vivas = Marea viva
        la Guerra Civil = Guerra civil
        las luces del faro = Luz del faro
    """,
    "fr": """
        négociation de paix = Négociations de paix
        équations différentielles = Équation différentielle
        les marées = Marée
        tribunaux internationaux = Tribunal international
        l'histoire de la France = Histoire de la France
    """,
    "it": """
        trattative di pace = Trattativa di pace
        numeri primi = Numero primo
        equazioni differenziali = Equazione differenziale
    """,
    "zh": """
        潮汐 = 潮汐
        和平谈判 = 和平谈判
        「和平谈判」 = 和平谈判
        第二次世界大战 = 第二次世界大战
    """,
    "ja": """
        フーリエ変換 = フーリエ変換
        平和 交渉 = 平和交渉
    """,
    "th": """
        น้ำขึ้นน้ำลง = น้ำขึ้นน้ำลง
    """,
}

_OTHER = {
    "en": """
        Peace negotiations = Peace negotiations with Ukraine
        Peace negotiations with Russia = Peace negotiations with Ukraine
        Peace negotiations without Ukraine = Peace negotiations with Ukraine
        World War I = World War II
        World War = World War II
        World War I = World War III
        World War 1 = World War 2
        Pre-war Europe = Post-war Europe
        Prewar economy = Postwar economy
        Linear equations = Nonlinear equations
        Linear equations = Non-linear equations
        Fourier series = Fourier transform
        Fourier series = Taylor series
        Time travel = Travel time
        Men in Black = Black men
        Travel to Russia = Travel from Russia
        War on drugs = War and drugs
        Philosophy of science = Science of philosophy
        Influence of Russia on Ukraine = Influence of Ukraine on Russia
        Russia attacks Ukraine = Ukraine attacks Russia
        Russia's influence on Ukraine = Ukraine's influence on Russia
        Role of Russia in history = Role in the history of Russia
        Communism = Communist
        Capitalism = Capitalists
        Marx = Marxism
        Physics = Physicist
        Physics = Physic
        Economics = Economic
        Mean = Means
        New = News
        Austria = Australia
        Iran = Iraq
        Niger = Nigeria
        Slovakia = Slovenia
        Slovakia = Slovenian
        Russia = Russian
        Russian language = Russia language policy
        German history = Germany
        Mali = Malawi
        Adsorption = Absorption
        Hypertension = Hypotension
        Macroeconomics = Microeconomics
        Nitrates = Nitrites
        Moral = Morale
        Principal component = Principle component
        Stationary process = Stationery process
        Derivation = Derivative
        Integral = Integration
        Universe = University
        Organ = Organization
        Organisms = Organism theory
        General relativity = Special relativity
        General theory of relativity = Generals of relativity theory
        Vladimir Putin = Vladimir Lenin
        Putin = Vladimir Putin
        George Bush senior = George Bush junior
        George H. W. Bush = George W. Bush
        Elizabeth I = Elizabeth II
        Lorentz force = Lorenz force
        Hamilton = Hamiltonian
        Gauss = Gaussian
        C = C++
        C# = C++
        Java = JavaScript
        AIDS = Aid
        AIDS epidemic = Aid epidemic
        US = USS
        IT = Its
        Vitamin A = Vitamin D
        Vitamin A = Vitamin
        Vitamin A deficiency = Vitamin deficiency
        Hepatitis B = Hepatitis
        OR gates = Gates
        Type I error = Type II error
        Part 1 = Part 11
        Apollo 11 = Apollo 1
        Article 5 = Article 50
        M1 = M2
        2014 election = 2024 election
        First law of thermodynamics = Second law of thermodynamics
        Supply = Demand
        Spring = Springs
        Springtime = Spring time tables
        Therapist = The rapist
        Microscope = Microscopy
        Astronomy = Astrology
        Astronomy = Astronomers
        Paint = Painter
        Trade = Traders
        Islam = Islamist
        Protest = Protestant
        Princes = Princess
        Human rights = Humane rights
        Monte Carlo method = Monte Carlo
        Not guilty = Guilty
        Atheism without God = Atheism with God
        Mercury = Mercury (planet)
        Mercury (element) = Mercury (planet)
        Python (snake) = Python (programming language)
        Bank = Banking
        Meeting = Meet
        Inductance = Induction
        Covariant = Covariance
        Ellipse = Eclipse
        Ionic bond = Bionic bond
        Immigration = Emigration
        Migration = Immigration
        Interstate war = Intrastate war
        House of cards = House of lords
        Man of the hour = Man for the hours
        Dog bites man = Man bites dog
        Law school = School law
        Sun = Sunni
        Pole = Poland
        Turkey = Turkish
        Sanctions on Iran = Sanctions against Russia
        Stocks and bonds = Stocks
        Mobilization = Demobilization
        Second wave of mobilization = First wave of mobilization
        Putin's health = Putin's wealth
        Central Bank = Central Banker
        Complex analysis = Complexity analysis
        Rational numbers = Irrational numbers
        Real numbers = Number realism
    """,
    "ru": """
        Первая мировая война = Вторая мировая война
        мирные переговоры = Мирные переговоры с Украиной
        мирные переговоры с Украиной = Мирные переговоры с Россией
        История физики = Физика истории
        Влияние России на Украину = Влияние Украины на Россию
        Россия = Российский
        Россия = Россияне
        коммунизм = Коммунист
        мир = Мирный
        угол = Уголь
        мель = Мел
        план = Планета
        линейные уравнения = Нелинейные уравнения
        довоенная Европа = Послевоенная Европа
        Путин = Владимир Путин
        Ленин = Ленинград
        мобилизация = Демобилизация
        ряд Фурье = Преобразование Фурье
        Екатерина I = Екатерина II
        Иран = Ирак
        переговоры без Украины = Переговоры с Украиной
        Москва = Московский
        физик = Физика элементарных частиц
        физик = Физик-ядерщик
        война = Воин
        писатель = Писание
        экономика = Экономист
        санкции = Санкционеры
        Петров = Петровский
        выборы 2018 = Выборы 2024
        поездка в Киев = Поездка из Киева
        молодёжь = Молоток
        каша = Кашель
    """,
    "de": """
        Geschichte der Physik = Physik der Geschichte
        Physik = Physiker
        Berlin = Berliner
        Erster Weltkrieg = Zweiter Weltkrieg
        Wissenschaft = Wissenschaftler
        Arbeit = Arbeiter
        Krieg = Krieger
        Vorkriegszeit = Nachkriegszeit
        Friedensverhandlungen ohne die Ukraine = Friedensverhandlungen mit der Ukraine
        lineare Gleichungen = Nichtlineare Gleichungen
    """,
    "es": """
        comunismo = Comunista
        Primera Guerra Mundial = Segunda Guerra Mundial
        viaje a Rusia = Viaje de Rusia
    """,
    "fr": """
        Histoire de la physique = Physique de l'histoire
        Première Guerre mondiale = Seconde Guerre mondiale
    """,
    "zh": """
        国王 = 王国
        第一次世界大战 = 第二次世界大战
        和平 = 和平谈判
    """,
    "ja": """
        フーリエ級数 = フーリエ変換
    """,
    "": """
        = Peace
        ]] = Peace
        ../../etc/passwd = Passwd
        <b>Peace</b> = B peace
        Peace negotiations\N{RIGHT-TO-LEFT OVERRIDE} talks = Peace negotiations
        Реасе negotiations = Peace negotiations
        … = Peace
    """,
}

_AMONG = (
    ("en", "Spring tide", "Spring tide", "Spring tides in France", "Spring tide", "Neap tide"),
    ("en", "Travel of Russia", None, "Travel to Russia", "Travel from Russia"),
    ("en", "Russia sanctions", None, "Sanctions on Russia", "Sanctions for Russia"),
    ("en", "World War II", "World War II", "World War I", "World War II", "World War III"),
    ("en", "World wars", None, "World War I", "World War II"),
    ("en", "Tides", "Tide", "Tide", "Tidal power", "Neap tides"),
    ("en", "C", "C", "C", "C++", "C#"),
    ("en", "C++", "C++", "C", "C++", "C#"),
    ("en", "GPU", "GPU", "GPU", "GPUs in Russia", "CPU"),
    ("en", "Vladimir Putin's", "Vladimir Putin", "Vladimir Putin", "Putin", "Vladimir Lenin"),
    ("ru", "мировых войн", None, "Первая мировая война", "Вторая мировая война"),
    ("ru", "мировой войной", "Мировая война", "Мировая война", "Мировые рынки"),
    ("ru", "мирных переговоров", "Мирные переговоры", "Мирные переговоры", "Мирный атом"),
    ("ru", "Украины", "Украина", "Украина", "Украинец", "Украинский язык"),
    ("de", "Physikern", "Physiker", "Physik", "Physiker"),
    ("de", "Gezeiten", "Gezeiten", "Gezeiten", "Gezeitenkraft"),
    ("zh", "潮汐", "潮汐", "潮汐", "潮汐力"),
    ("en", "US Army", "U.S. Army", "U.S. Army"),
    ("en", "U.S. Navy", "US Navy", "US Navy"),
)


def _pairs(table: dict[str, str]) -> list[tuple[str, str, str]]:
    pairs = []
    for language, lines in table.items():
        for line in filter(None, map(str.strip, lines.splitlines())):
            left, _, right = line.rpartition("= ")
            pairs.append((language, left.strip(), right))
    return pairs


def _labelled() -> tuple[Labelled, ...]:
    found = [Labelled(language, said, (title,), title) for language, said, title in _pairs(_SAME)]
    found += [Labelled(language, said, (title,), None) for language, said, title in _pairs(_OTHER)]
    found += [Labelled(language, said, titles, right) for language, said, right, *titles in _AMONG]
    return tuple(
        Labelled(each.language, each.concept, tuple(each.titles), each.right, index % 3 == 2)
        for index, each in enumerate(found)
    )


LABELLED = _labelled()

CARRIERS = {
    "en": "The speaker is said to have come to {} in the talk, and it was about that.",
    "ru": "В разговоре речь зашла о том, что такое {}, и это не было сказано раньше.",
    "uk": "У розмові йшлося про те, що таке {}, і це не було сказано раніше.",
    "de": "Im Vortrag geht es um {}, und das ist nicht alles, was der Redner sagt.",
    "es": "En la charla se habla de {}, y eso no es todo lo que se dice por ahí.",
    "fr": "Dans la conférence on parle de {}, et ce n'est pas tout ce que les gens disent.",
    "it": "Nel discorso si parla di {}, e non è tutto quello che si dice nella sala.",
    "zh": "讲者谈到{}，而且不止一次。",
    "ja": "講演では{}について話した。",
    "th": "ผู้พูดกล่าวถึง{}ในการบรรยาย",
    "": "{}",
}
"""A statement in each language that a mention stands in."""


_SAID = {
    "en": """
        The spring tide of March was high. = Spring tides
        Every vector field has a curl. = Vector fields
        In most vector fields the curl is not zero. = Vector field
        Two black holes met. = Black hole
        A neural network learns from what it gets wrong. = Neural networks
        He speaks of peace negotiations in Istanbul. = Peace negotiation
        The law of large numbers holds here. = Laws of large numbers
        It is the theory of gravity that fails. = Theories of gravity
        Russian military operations went on. = Russian military operation
        Rational approximation for pi. = Rational approximations for pi
        The interest rate rose. = Interest rates
        New time zones were drawn. = Time zone
        A Fresnel lens is flat. = Fresnel lenses
        There are many differential equations. = Differential equation
    """,
    "ru": """
        Он говорит о мирных переговорах в Стамбуле. = Мирные переговоры
        После мирных переговоров началась торговля. = Мирные переговоры
        Частичную мобилизацию объявили осенью. = Частичная мобилизация
        Запасы ядерного оружия растут. = Ядерное оружие
        Речь Владимира Путина длилась час. = Владимир Путин
        О чёрных дырах известно мало. = Черная дыра
        В годы Второй мировой войны маяки не горели. = Вторая мировая война
        Линзы Френеля плоские. = Линза Френеля
        По теории относительности время идёт медленнее. = Теория относительности
        К закону Ома это не относится. = Закон Ома
        Санкциями против России никого не удивишь. = Санкции против России
    """,
    "de": """
        Im Kalten Krieg war das anders. = Kalter Krieg
        Mit künstlicher Intelligenz geht es schneller. = Künstliche Intelligenz
        Das Vektorfeld und die neuronalen Netze sind neu. = Neuronale Netze
    """,
    "zh": """
        潮汐力引起第二次世界大战。 = 第二次世界大战
    """,
}

_NOT_SAID = {
    "en": """
        In spring, tides are high. = Spring tides
        Offspring tides over. = Spring tides
        World War I was long. = World War II
        She has her mean values. = Means
        It springs a tide of woes. = Spring tide
        The travel time was long. = Time travel
        The law of a large number. = Laws of small numbers
        Men of large numbers. = Law of large numbers
        The AIDS epidemic grew. = Aid epidemics
        The SEALS habitats grew. = Seal habitat
        He was new to news. = New
        The state is united. = United States
        The nonlinear equations were solved. = Linear equations
        Peace, negotiations and war. = Peace negotiation
        The Black Sea, holes in it. = Black holes
        Part 10 was better. = Part 1
        A general theory of everything. = General relativity
        On what it is he said this is it. = What it is
        They were banking on it. = Bank
        The post-war years. = Pre-war years
        The Fourier series converges. = Fourier transform
    """,
    "ru": """
        Мировая история войны не знает. = Мировая война
        Первая мировая война кончилась. = Вторая мировая война
        Уголь и мел лежат рядом. = Угол
        Мирный атом, переговоры и торги. = Мирные переговоры
        Физика истории не нужна. = История физики
        Россияне пришли. = Россия
    """,
    "de": """
        Der Physiker kam. = Physik
        Es war ein kalter Morgen im Krieg. = Kalter Krieg
    """,
    "zh": """
        国王来到。 = 王国
    """,
}

SAID = tuple(
    (language, said, title, is_said)
    for table, is_said in ((_SAID, True), (_NOT_SAID, False))
    for language, said, title in _pairs(table)
)
"""Statements that no engine marked, a title of the same channel, and whether they speak of it."""
