"""The most frequent words of languages, by the script they are written in and by key (see scripts.py).

Only data, read by `translations.identify_evidence`. They are written by us; a speaker who misses one adds it
here. A language that is missing is no error: it is then known by its script alone, or by langdetect.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

#: Frequent small words of each language, and how one greets, thanks and asks for help; for the languages we
#: ship and their nearest neighbours also what people write to a council about. Half of what anybody writes is
#: such words, and few languages share three of them.
WORDS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "Latn": {
            "az": """və bir bu üçün ilə deyil var yox nə necə niyə harada kim mən biz siz sən mənim
                bizim çox daha ən kimi qədər amma hər lazımdır salam sağ olun kömək xahiş edirəm bəli
                xeyr mənə bizə olan""",
            "ca": """el la els les un una uns unes i o de del dels en que no és són hi ha per amb sense
                meu meva nostre nostra jo tu ell ella nosaltres se em ens li ho però com quan on perquè
                què qui més molt també ja encara està estan tinc tenim té pot puc vull necessito
                necessitem gràcies hola ajuda sí si us plau aquest aquesta això tots tot res ningú
                sempre mai al als a des fins bon dia l d""",
            "cs": """a i v z s k na do je se že to ne není jsou jsem si o jak ale co za od pro při bez
                já ty my vy on ona oni mě mi nám nás můj moje náš naše ten ta tento tady tam už ještě
                jen velmi může mám máme má mají byl byla bylo být bude chci prosím děkuji dobrý den
                ahoj pomoc ano kde kdy proč kdo který která které protože nebo také u po ze ve pod před
                nikdo nic vždy potřebuji dnes zítra teď dva tři čtyři pět""",
            "da": """og er det en et at jeg vi som på i for med til af fra ikke har kan skal vil men
                eller om når hvad hvem hvorfor hvordan meget også kun her der min vores os mig den de
                tak hej hjælp ja nej""",
            "de": """der die das den dem des ein eine einen einem einer eines und ist sind war waren
                nicht ich wir sie er es du ihr mir mich uns mein meine meinen meinem meiner unser
                unsere unserer unserem zu zum zur auf für fuer mit von vom bei beim im in am an aus
                nach seit auch aber oder wenn weil dass wie was wo wer warum wann kein keine keinen
                haben hat habe hatte kann können koennen muss müssen will wollen wird werden wurde
                bitte danke hallo hilfe ja nein schon noch nur sehr immer nie gibt man so über ueber
                durch gegen ohne unter vor hier dort guten mehr niemand nichts alle jeder jeden als bis
                sich ab brauche brauchen möchte schule straße strasse wohnung kinder kind arbeit haus
                arzt wasser heizung kaputt termin amt stadt wochen monaten tagen jahr jahre leute frau
                mann familie geld papiere sprache vermieter licht heute morgen jetzt zwei drei""",
            "en": """the a i and is are was were to of in on at for with from this that these those it
                its me my you we they our your has have had not no yes please thank thanks hello hi
                help can cannot there their he she his him her them us be been do does did but or if so
                what when where who why how because very need want would could should will about after
                before more every all any an am as by since than then into only also still here some
                many much nobody nothing always never s t m re ll ve don house flat school street road
                doctor work job papers children child family money office city days weeks months water
                heating broken light landlord today tomorrow now two three one""",
            "es": """el la los las un una unos unas y o de del en que no es son está están por para con
                sin mi mis tu su sus se lo le les me nos nuestro nuestra yo tú él ella nosotros hay muy
                más pero como cuando donde dónde qué quién cómo porque si sí ya todo todos todas este
                esta esto ese esa hace desde hasta sobre también necesito necesitamos tengo tenemos
                tiene puede puedo quiero hola gracias ayuda favor buenos días nada nadie a e al ha he
                han ser estoy estamos hoy ahora mañana noche siempre tampoco otro otra mucho mucha muchos
                escuela calle vivienda edificio alquiler dueño calefacción niño niños hijo hija hijos
                vecino vecinos trabajo jefe dinero papeles permiso ayuntamiento ciudad""",
            "fil": """ang ng sa na mga ay at si ni kay ko mo ako ikaw siya kami tayo kayo sila namin
                natin nila akin atin hindi wala may mayroon kung kapag dahil pero o para po lang din
                rin pa ba dito doon ano sino saan kailan bakit paano kailangan gusto salamat kumusta
                tulong opo oo ito iyon nang""",
            "fr": """le la les un une des de du et ou où à au aux en dans que qui ne pas est sont il
                elle on nous vous je tu me mon ma mes notre nos votre vos leur ce cette ces pour par
                avec sans sur sous mais si plus très aussi comme quand pourquoi comment quoi depuis y a
                ai as avons avez ont suis sommes être avoir fait faut besoin peut peux voudrais merci
                bonjour salut aide oui non tout tous toute rien personne jamais toujours chez ici l d j
                c s n qu m""",
            "hr": """i je su sam si se na u za s sa iz kod po ne nije nisu da koji koja koje što šta
                tko ko kako gdje gde kada kad zašto zato jer ili pa još već to ta te ti mi me nas nam
                ja vi oni naš naša naše našoj našu moj moja moje moju imam imamo ima nema nemam nemamo
                biti bio bila bilo bili smo ste bi će ću ćemo može mogu možemo moram moramo trebam
                trebamo treba molim hvala dobar dan zdravo bok pozdrav pomoć pomozite vrlo više samo
                bez od do ovdje ovde tamo uvijek uvek svi sve nikad ništa nitko niko ali a o k pred
                protiv zbog dok jako škola školi škole ulica ulici stan stanu djeca deca dijete dete
                posao kuća kući liječnik lekar voda grijanje grejanje dana tjedana nedelja mjeseci
                meseci godina ljudi obitelj porodica novac papiri grad svjetlo radi danas sutra sad
                sada večer jutro jednom dvaput svaki sat uskoro previše premalo dva tri četiri pet osam""",
            "hu": """a az és is nem van vannak volt hogy egy ez ezt azt de ha mert vagy mint csak már
                még nagyon itt ott ki mi mit hol mikor miért hogyan én te ő ti ők nekem nekünk kell
                lehet szeretnék kérem kérek köszönöm szia jó napot segítség segítsen igen nincs után
                előtt alatt minden senki semmi mindig soha meg el fel be le""",
            "id": """dan yang di ke dari untuk dengan ini itu tidak ada adalah saya kami kita anda dia
                mereka akan sudah belum bisa dapat harus mau ingin tapi tetapi atau jika kalau karena
                seperti juga sangat lebih hanya semua apa siapa mana kapan mengapa bagaimana tolong
                terima kasih halo selamat bantuan pada oleh sebagai""",
            "it": """il lo la i gli le un uno una e o di del della dei delle da dal dalla in nel nella
                a al alla con per su sul sulla che non è sono ho ha abbiamo hanno mi ti si ci vi mio
                mia miei nostro nostra io tu lui lei noi voi loro questo questa quello se ma come
                quando dove perché chi cosa anche più molto già ancora c essere stato fare posso può
                vorrei bisogno grazie ciao buongiorno aiuto sì no tutto tutti niente nessuno sempre mai
                senza l d po""",
            "kmr": """û li ji di bi ku de ê jî re ev ew ez em tu hûn wan min me te wî wê ne na nîne
                heye hene tune bo ber ser bê pir zor gelek lê an çi kî kengê çima çawa divê dixwazim
                dixwazin pêwîst alîkarî kerema spas silav rojbaş belê erê her tiştek kes dibe bû bûn
                hatiye nikarim nikarin dikarin""",
            "lb": """ech du hien hatt mir dir si den déi d dat an a mat fir vun vum op um bei beim aus
                net kee keng keen ass sinn war waren hunn huet hat kann kënnen muss wëll wann well wéi
                wat wou wien firwat awer oder och nach just ganz vill mäi meng eis eist äis ginn gëtt
                moien merci villmools gelift hëllef jo nee ëmmer näischt do hei zënter säit en eng
                engem der dem""",
            "lt": """ir yra nėra aš mes tu jūs jis ji jie man mums mano mūsų tai šis ši kad kaip kas
                kur kada kodėl bet ar arba taip pat iš į su apie prie iki po be už nuo jau dar tik
                labai gali galima reikia noriu prašau ačiū laba diena labas sveiki pagalba padėkite ne
                visi niekas viskas visada buvo bus būti esu esame""",
            "lv": """un ir nav es mēs tu jūs viņš viņa viņi man mums mans mana mūsu tas tā šis šī ka kā
                kas kur kad kāpēc jo bet vai arī no uz ar par pie līdz pēc bez pirms jau vēl tikai ļoti
                var vajag vajadzīgs gribu lūdzu paldies labdien sveiki palīdzība palīdziet jā nē viss
                visi neviens nekas vienmēr bija būs būt esmu esam mūs""",
            "nl": """de het een en van in op te dat die is zijn was niet ik wij we jij je u hij zij ze
                mij me ons onze mijn met voor aan bij uit naar om ook maar of als wat waar wie waarom
                hoe geen heb heeft hebben had kan kunnen moet wil wordt worden er nog al heel zeer meer
                veel alleen door over tot dit deze dan nu graag dank bedankt hallo hulp ja nee
                goedendag altijd niemand niets sinds""",
            "no": """og er det en et å at jeg vi som på i for med til av fra ikke har kan skal vil men
                eller om når hva hvem hvorfor hvordan veldig også bare her der min vår oss meg den de
                takk hei hjelp ja nei""",
            "pl": """i w z na do nie to jest są się że o jak ale czy po co za od dla przez przy bez ja
                ty my wy on ona oni mnie mi nam nas mój moja moje nasz nasza nasze ten ta te tego tej
                tym tam tu już jeszcze tylko bardzo może można mam mamy ma mają był była było być
                będzie chcę proszę dziękuję dzień dobry cześć pomoc pomocy tak gdzie kiedy dlaczego kto
                który która które bo więc też u a ze we pod nad przed nikt nic zawsze nigdy potrzebuję""",
            "pt": """o a os as um uma e ou de do da dos das em no na nos nas que não é são está estão
                por para com sem meu minha nosso nossa eu tu ele ela nós você vocês eles se me lhe mas
                como quando onde porque quê quem qual mais muito também já ainda há tem tenho temos ter
                ser foi pode posso preciso precisamos quero obrigado obrigada olá ajuda favor sim este
                esta isso isto todos tudo nada ninguém sempre nunca ao à até desde bom dia""",
            "ro": """și si de la în in pe cu din pentru că ca nu este e sunt o un una unei unui al a ai
                ale lui mi îmi ne ni vă ma mă eu tu el ea noi voi ei am are avem au fost fi să sa ce
                care cum când unde cine dar sau dacă mai foarte aici acolo trebuie vreau pot poate
                mulțumesc bună ziua ajutor da acest această nostru noastră meu mea toate tot nimic
                nimeni fără după până prin vrea""",
            "sk": """a i v z s k na do je sa že to nie sú som si o ako ale čo za od pre pri bez ja ty
                my vy on ona oni ma mi nám nás môj moja naša naše ten tá tento tu tam už ešte len veľmi
                môže mám máme má majú bol bola bolo byť bude chcem prosím ďakujem dobrý deň ahoj pomoc
                áno kde kedy prečo kto ktorý ktorá ktoré pretože alebo aj po zo vo pod pred nikto nič
                vždy potrebujem dnes zajtra teraz dva tri štyri päť""",
            "sl": """in je so sem si se na v za z s iz pri po ne ni da ki ko kot kje kdo kaj kako kdaj
                zakaj ker tudi ali pa še že to ta te ti mi me nas nam jaz ja vi oni naš naša naše našem
                našo moj moja moje mojo imam imamo ima nima nimam nimamo biti bil bila bilo bili smo
                ste sta bo bom bodo lahko moram moramo potrebujem potrebujemo prosim hvala dober dan
                zdravo pozdravljeni živjo pomoč pomagajte zelo več samo brez med od do tukaj tam vsak
                vsi vse vedno nič nihče a o k pred proti zaradi šola šoli šole ulica ulici stanovanje
                stanovanju otrok otroci otroke delo dela hiša hiši zdravnik voda ogrevanje dni tednov
                tedna teden mesecev leto let ljudje družina denar dokumenti mesto luč najemnina cesta
                cesti danes jutri zdaj zvečer zjutraj enkrat dvakrat vsako uro ura kmalu preveč premalo
                dva tri štiri pet osem""",
            "so": """waa iyo oo ka ku u la in ay uu ma aan waxaan waxa wax mid badan laakiin haddii
                sida sababta maxaa yaa halkee goorma kan tan kaas taas waan wuu way annaga aniga adiga
                isaga iyada iyaga nahay ahay yahay tahay leh leeyahay jira jiro baahan caawimaad caawi
                fadlan mahadsanid salaan salaam haa maya kasta aad ee soo si ah jir igu ina na""",
            "sq": """dhe në e i të me nga për një është janë jam kam kemi ka kanë nuk s po jo si çfarë
                kush ku kur pse që do duhet mund dua duam unë ti ai ajo ne ju ata më na tonë jonë tim
                ime im por ose edhe shumë vetëm këtu atje pa mbi deri kjo ky këto faleminderit
                përshëndetje tungjatjeta ndihmë lutem mirë gjithmonë asgjë askush sepse nëse tek te""",
            "sv": """och är det en ett att jag vi ni han hon de den som på i för med till av från inte
                har hade kan måste vill ska skulle men eller om när var vad vem varför hur mycket också
                bara här där min mitt vår våra oss mig detta alla ingen inget alltid tack hej hjälp ja
                nej snälla efter innan""",
            "sw": """na ya wa kwa ni la za katika hii hiyo huu huo haya si sio kuwa yangu yetu wangu
                wetu mimi sisi wewe nyinyi yeye wao lakini au kama kwamba sana hapa pale wapi nani nini
                lini gani vipi sababu bado tu tafadhali asante habari jambo msaada nataka tunataka
                nahitaji tunahitaji nina tuna hakuna kuna ndiyo hapana kila wote wengi cha vya pia
                baada kabla""",
            "tr": """ve bir bu şu o için ile de da değil var yok ne nasıl neden niye nerede kim ben biz
                siz sen onlar bana bize benim bizim çok daha en gibi kadar ama veya ya eğer mi mı mu mü
                olarak olan oldu olduğu her şey hiç lütfen teşekkürler teşekkür ederim merhaba selam
                yardım evet hayır istiyorum istiyoruz lazım gerek sonra önce şimdi burada orada""",
            "vi": """và là của có không cho với các những một này đó tôi chúng ta anh chị em ông bà họ
                được trong ở từ đến khi nếu nhưng vì thì mà cũng rất đã đang sẽ cần muốn xin cảm ơn
                chào giúp đỡ gì đâu bao người về lại còn chỉ""",
        },
        "Cyrl": {
            "be": """і у на з не што як гэта па да ад за для пра але або калі то так ж бы я мы ты вы ён
                яна яны мне нам мяне нас мой мая наш наша ёсць няма быў была было вельмі ужо яшчэ
                толькі дзе хто чаму каб усе можна трэба магу хачу прывітанне дзякуй ласка дапамога тут
                там без пасля добры дзень які якія дзеці праца школа дом вада""",
            "bg": """и в на с със не че как това по към от до за о но а или ако ще се си да ли аз ние
                ти вие той тя те ми ни ме мен нас моя моят моето мои наш наша наши има няма беше бяха
                бил съм са сме е много вече още само когато къде кой защо защото всички всичко може
                трябва искам здравейте здрасти благодаря моля помощ тук там при без след преди никой
                нищо винаги никога този тази тези ден добър който които""",
            "mk": """и е се сум сме сте на во за со од до по не да што како каде кога зошто затоа или
                ако но туку ли јас ние ти вие тој таа тие ми ме нас нам мој моја мое наш наша наше има
                нема беше бил била може треба сакам здраво благодарам молам помош ова овој оваа овие
                тука таму многу уште само веќе сите никој ништо секогаш добар ден кој која кои""",
            "ru": """и в во на с со не что как это по к у из за от до для о об но а или если то так же
                бы ли я мы ты вы он она они мне нам меня нас мой моя моё мое мои наш наша наше наши
                нашем нашей есть нет был была было были быть очень уже ещё еще только когда где кто
                почему потому чтобы все всё всех можно нужно надо нужна нужен могу может хочу
                здравствуйте привет спасибо пожалуйста помощь помогите да здесь там при без после перед
                никто ничего всегда никогда этот эта эти день добрый который которые школа школе школы
                улица улице квартира квартире дети ребенок ребёнок работа работу дом доме врач вода
                отопление недели недель дней месяц лет люди семья деньги документы город свет""",
            "sr": """и је су сам си се на у за с са из код по не није да који која које што шта ко како
                где када зашто јер или па још већ то та те ти ми ме нас нам ја ви они наш наша наше мој
                моја моје имам имамо има нема немам бити био била било смо сте би ће ћу може могу морам
                треба молим хвала добар дан здраво помоћ врло више само без од до овде тамо увек сви
                све никад ништа нико али а о""",
            "uk": """і й та в у на з із зі не що як це по до від за для про але або чи якщо то так же б
                би я ми ти ви він вона вони мені нам мене нас мій моя моє мої наш наша наше наші нашому
                нашій є немає був була було були бути дуже вже ще тільки коли де хто чому тому щоб все
                всі всіх можна потрібно треба потрібна потрібен можу може хочу вітаю привіт дякую будь
                ласка допомога допоможіть ні тут там при без після перед ніхто нічого завжди ніколи цей
                ця ці день добрий який які бо школа школі школи вулиця вулиці квартира квартирі діти
                дитина робота роботу будинок будинку лікар вода опалення тижні тижнів днів місяць років
                люди родина гроші документи місто світло""",
        },
        "Arab": {
            "ar": """في من على إلى الى عن مع هذا هذه هذي ذلك تلك التي الذي الذين ما ماذا لا لم لن ليس
                ليست كان كانت يكون أن ان إن أنا انا نحن أنت انت هو هي هم لي لنا عندي عندنا لدي لدينا كل
                بعض أو او ثم لكن و إذا اذا لأن لان كيف أين متى لماذا هل أي هنا هناك قبل بعد منذ حتى
                بدون بين عند جدا فقط أيضا ايضا قد سوف يمكن يجب أريد اريد نريد أحتاج احتاج نحتاج مساعدة
                مساعده ساعدوني شكرا مرحبا عليكم سلام نعم رجاء لو سمحت أحد احد شيء شي دائما أبدا ابدا شو
                مو ليش هاد هيك وين بدي بدنا كتير كثير مش مافي شلون ماكو اكو هسه يا يوجد توجد غير يوم
                كلها فيه فيها علينا أطفال اطفال أولاد اولاد بيت بيتي شقة شقتي مدرسة طبيب عمل شغل ماء مي
                أيام ايام أسبوع اسبوع شهر سنة ناس ابني بنتي زوجتي زوجي أوراق اوراق""",
            "ckb": """و لە بۆ بە کە ئەم ئەو ئێمە من تۆ ئێوە ئەوان نیە نییە هەیە نا بەڵام یان ئەگەر
                چونکە چۆن کوێ کەی بۆچی چی کێ زۆر تەنها هەموو هیچ دەبێت پێویستم پێویستمان یارمەتی سوپاس
                سڵاو تکایە بەڵێ لێرە لەوێ هەر دوای پێش بەبێ یەک دەمەوێت لەگەڵ هەتا ئێستا""",
            "fa": """و در به از که این آن را با برای است هست نیست نیستند بود بودند شد شده می نمی ما من
                تو شما او آنها هم هر یا اگر چون ولی اما تا بر یک چه چی کی کجا چرا چگونه چطور خیلی فقط
                همه هیچ دارم داریم ندارم نداریم دارد ندارد دارند باید نیاز کمک لطفا سلام ممنون تشکر
                متشکرم بله نه خواهش میخواهم میخواهیم ها های بعد قبل اینجا آنجا کنید کنم کنیم کند بدون
                همیشه مرا تان خود الان خانه مدرسه بچه کودک کار دکتر آب روز هفته ماه سال مردم خانواده
                پول مدارک شهر خیابان""",
            "ps": """او د په له چې دا دی ده دي نه نو هم یا که ته سره لپاره کې کښې يې زه موږ مونږ تاسو
                هغه هغوی زما زموږ ستاسو شته نشته ډېر ډیر يو یو څه څوک ولې چیرته کله څنګه باید مرسته
                مننه سلام هو هلته دلته لري لرم لرو غواړم غواړو کول کړئ وو و""",
            "ur": """اور ہے ہیں کے کی کا کو سے میں نے پر یہ وہ نہیں تھا تھی تھے ہو ہم میرا میری میرے
                ہمارا ہماری ہمارے آپ مجھے ہمیں کیا کیوں کہاں کب کون کیسے بھی لیکن یا اگر تو ہی جو کہ
                ایک بہت صرف سب کوئی کچھ چاہیے چاہتا مدد شکریہ براہ کرم جی ہاں سلام یہاں وہاں رہا رہی
                رہے گیا کر کریں لیے بعد پہلے بغیر ہمیشہ""",
        },
        "Ethi": {
            "am": """ነው ነኝ ናቸው እና ላይ ውስጥ አለ የለም ወደ ይህ ያ እኔ እኛ እርስዎ አንተ አንቺ እሱ እሷ እነሱ ግን ወይም ምን ማን የት መቼ
                ለምን እንዴት በጣም ብቻ ሁሉ እባክዎ እባክህ አመሰግናለሁ ሰላም እርዳታ እፈልጋለሁ እንፈልጋለን አዎ አይ እንደ ነበር""",
            "ti": """እዩ እያ እዮም ኣብ ካብ ናብ ኣሎ የለን እዚ እቲ ኣነ ንሕና ንስኻ ንስኺ ንሱ ንሳ ንሳቶም ግን ወይ እንታይ መን ኣበይ መዓስ
                ስለምንታይ ከመይ ኣዝዩ ጥራይ ኩሉ በጃኻ በጃኹም የቐንየለይ ሰላም ሓገዝ ይደሊ ንደሊ እወ ኣይፋል ናይ ምስ ነበረ ድማ ከም""",
        },
        "Deva": {
            "hi": """है हैं में की के का को से और नहीं मैं हम यह वह ये वो आप मुझे हमें मेरा मेरी हमारा
                हमारी भी लेकिन या अगर तो क्या क्यों कहाँ कब कौन कैसे बहुत सिर्फ सब कोई कुछ चाहिए मदद
                धन्यवाद नमस्ते कृपया हाँ था थी थे पर ने एक लिए""",
            "mr": """आहे आहेत नाही मी आम्ही तुम्ही तो ती ते हा ही हे आणि मध्ये माझे माझा आमचा आमचे पण
                किंवा जर तर काय का कुठे कधी कोण कसे खूप फक्त सर्व मदत धन्यवाद नमस्कार कृपया हो होते साठी""",
            "ne": """छ छन् छैन हो होइन र मा को का की ले लाई बाट म हामी तपाईं उनी यो त्यो मेरो हाम्रो पनि
                तर वा यदि भने के किन कहाँ कहिले कसरी धेरै मात्र सबै कोही केही चाहिन्छ मद्दत धन्यवाद नमस्ते
                कृपया थियो गर्न भयो लागि""",
        },
        "Beng": {
            "bn": """আমি আমার আমাদের আমাকে আমরা আপনি আপনার আপনাদের তুমি তোমার সে তার তারা তাদের এই ওই এটা এবং আর ও
                কিন্তু বা যদি না নেই নাই আছে আছি ছিল হয় হবে হয়েছে করে করেন করি করতে করছে জন্য থেকে সাথে মধ্যে
                একটা একটি এক কি কী কেন কোথায় কখন কিভাবে কে খুব অনেক সব শুধু কেউ কিছু চাই দরকার সাহায্য ধন্যবাদ
                নমস্কার সালাম দয়া হ্যাঁ পারি পারছি দিন মাস বছর বাসা বাড়ি কাজ ডাক্তার স্কুল""",
        },
    }
)

#: Languages that nobody could read without their marks; the words of others are also known bare.
NEVER_BARE = frozenset({"vi"})

#: The article that opens an Arabic word, alone or after "and", "by", "so", "like", "for": a sign of Arabic as
#: good as a frequent word.
ARABIC_ARTICLE = ("ال", "وال", "بال", "فال", "كال", "لل")
