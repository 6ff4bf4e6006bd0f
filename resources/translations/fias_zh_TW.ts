<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_TW" sourcelanguage="en">
<context>
    <name>AdviceEntry</name>
    <message>
        <source>You asked: {0}</source>
        <translation>你問：{0}</translation>
    </message>
    <message>
        <source>Taken at the second try. Refused before:</source>
        <translation>第二次才採用。先前不採用的原因：</translation>
    </message>
    <message>
        <source>The fixed phrases speak: the language model&apos;s words were refused.</source>
        <translation>改用固定語句：語言模型說的內容沒有通過檢查。</translation>
    </message>
    <message>
        <source>The fixed phrases speak: no language model is in use.</source>
        <translation>使用固定語句：目前沒有使用語言模型。</translation>
    </message>
</context>
<context>
    <name>AdvicePanel</name>
    <message>
        <source>Coach</source>
        <translation>教練</translation>
    </message>
    <message>
        <source>After a set the coach says what to work on. Cues appear on the picture while you move.</source>
        <translation>每組結束後，教練會告訴你要改進的地方。運動時，提示會出現在畫面上。</translation>
    </message>
    <message>
        <source>Advise now</source>
        <translation>立即建議</translation>
    </message>
    <message>
        <source>Ask the coach about the set so far</source>
        <translation>請教練看看目前這一組</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Stop the coach at once</source>
        <translation>立刻停止教練</translation>
    </message>
    <message>
        <source>What was the model told?</source>
        <translation>模型收到了什麼？</translation>
    </message>
    <message>
        <source>Save what was said as subtitles</source>
        <translation>把教練說的話存成字幕</translation>
    </message>
    <message>
        <source>Writing …</source>
        <translation>正在撰寫…</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>已停止</translation>
    </message>
    <message>
        <source>No advice was given.</source>
        <translation>沒有給建議。</translation>
    </message>
</context>
<context>
    <name>Banner</name>
    <message>
        <source>Close this message</source>
        <translation>關閉這則訊息</translation>
    </message>
</context>
<context>
    <name>CoachView</name>
    <message>
        <source>Save what was said</source>
        <translation>儲存教練說的話</translation>
    </message>
    <message>
        <source>The subtitles are in {0}.</source>
        <translation>字幕已存到 {0}。</translation>
    </message>
</context>
<context>
    <name>CounterPanel</name>
    <message>
        <source>This set</source>
        <translation>這一組</translation>
    </message>
    <message>
        <source>No repetition yet</source>
        <translation>還沒有動作</translation>
    </message>
    <message>
        <source>Set done: 1 repetition of {0}, {1} with good form</source>
        <translation>本組完成：{0} 1 下，{1} 下動作正確</translation>
    </message>
    <message>
        <source>Set done: {0} repetitions of {1}, {2} with good form</source>
        <translation>本組完成：{1} {0} 下，{2} 下動作正確</translation>
    </message>
    <message>
        <source>This set · {0}</source>
        <translation>這一組 · {0}</translation>
    </message>
    <message>
        <source>{0} counted, {1} with good form</source>
        <translation>共 {0} 下，{1} 下動作正確</translation>
    </message>
</context>
<context>
    <name>CrashDialog</name>
    <message>
        <source>Something went wrong</source>
        <translation>發生問題</translation>
    </message>
    <message>
        <source>Something went wrong inside FIAS</source>
        <translation>FIAS 內部發生問題</translation>
    </message>
    <message>
        <source>You can go on, but a part of the program may have stopped; starting FIAS again helps. If it happens again, please send the details to the developers.</source>
        <translation>你可以繼續使用，但部分功能可能已停止；重新啟動 FIAS 即可。如果再次發生，請把詳細資料寄給開發人員。</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>詳細資料</translation>
    </message>
    <message>
        <source>Show details</source>
        <translation>顯示詳細資料</translation>
    </message>
    <message>
        <source>Copy details</source>
        <translation>複製詳細資料</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>繼續</translation>
    </message>
    <message>
        <source>Hide details</source>
        <translation>隱藏詳細資料</translation>
    </message>
</context>
<context>
    <name>DelayMenu</name>
    <message>
        <source>Delay of the picture in seconds</source>
        <translation>畫面延遲秒數</translation>
    </message>
    <message>
        <source>Delayed view</source>
        <translation>延遲畫面</translation>
    </message>
    <message>
        <source>See yourself a few seconds later, after the movement.</source>
        <translation>做完動作後，看幾秒前的自己。</translation>
    </message>
    <message>
        <source>{0} s</source>
        <translation>{0} 秒</translation>
    </message>
    <message>
        <source>Off: live</source>
        <translation>關閉：即時畫面</translation>
    </message>
</context>
<context>
    <name>EvidenceRow</name>
    <message>
        <source>Show this moment</source>
        <translation>顯示這一刻</translation>
    </message>
</context>
<context>
    <name>HeatLegend</name>
    <message>
        <source>low</source>
        <translation>低</translation>
    </message>
    <message>
        <source>high</source>
        <translation>高</translation>
    </message>
    <message>
        <source>Why: heat on the joints</source>
        <translation>為什麼：關節熱度</translation>
    </message>
    <message>
        <source>The warmer a joint, the more it mattered for what the network named.</source>
        <translation>關節的顏色越暖，對辨識結果的影響越大。</translation>
    </message>
    <message>
        <source>Trust: {0} points</source>
        <translation>可信度：{0} 分</translation>
    </message>
    <message>
        <source>Trust: unstable</source>
        <translation>可信度：不穩定</translation>
    </message>
    <message>
        <source>Hiding the hottest joints lowers the certainty of “{0}” by {1} points (random joints: {2}). Unstable means: not clearly more than random joints.</source>
        <translation>遮住最熱的關節後，「{0}」的把握降低 {1} 分（隨機關節：{2}）。不穩定的意思是：沒有明顯高於隨機關節。</translation>
    </message>
    <message>
        <source>Ghost: unsure, hidden</source>
        <translation>預測身影：不確定，已隱藏</translation>
    </message>
    <message>
        <source>Ghost: {0} s ahead</source>
        <translation>預測身影：提前 {0} 秒</translation>
    </message>
    <message>
        <source>Dashed: where you are expected to be. It is hidden while it has been wrong in the last second.</source>
        <translation>虛線：預期你會在的位置。最近一秒預測不準時會隱藏。</translation>
    </message>
</context>
<context>
    <name>LivePage</name>
    <message>
        <source>Choose a source</source>
        <translation>選擇來源</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Opening {0} …</source>
        <translation>正在開啟 {0}…</translation>
    </message>
    <message>
        <source>Waiting for the next picture …</source>
        <translation>等待下一個畫面…</translation>
    </message>
    <message>
        <source>The source is lost. Waiting for it to come back …</source>
        <translation>來源中斷了，正在等它恢復…</translation>
    </message>
    <message>
        <source>The video has ended. Press Space to see it again.</source>
        <translation>影片播完了。按空白鍵再看一次。</translation>
    </message>
    <message>
        <source>Connect a camera, or choose another source in the upper right corner.</source>
        <translation>請接上攝影機，或在右上角選擇其他來源。</translation>
    </message>
    <message>
        <source>No camera was found: this is the demo.</source>
        <translation>找不到攝影機：這是示範畫面。</translation>
    </message>
    <message>
        <source>No picture yet. Waiting for the source …</source>
        <translation>還沒有畫面，正在等待來源…</translation>
    </message>
    <message>
        <source>No picture</source>
        <translation>沒有畫面</translation>
    </message>
    <message>
        <source>This source cannot go on. Press Space to open it again.</source>
        <translation>這個來源無法繼續。按空白鍵重新開啟。</translation>
    </message>
    <message>
        <source>Repetition {0} · {1}</source>
        <translation>第 {0} 下 · {1}</translation>
    </message>
</context>
<context>
    <name>ModelOptions</name>
    <message>
        <source>Device for the language model</source>
        <translation>語言模型使用的裝置</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>自動</translation>
    </message>
    <message>
        <source>Layers on the graphics card</source>
        <translation>放在顯示卡上的層數</translation>
    </message>
    <message>
        <source>All</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>Context</source>
        <translation>上下文長度</translation>
    </message>
    <message>
        <source>Temperature</source>
        <translation>溫度</translation>
    </message>
    <message>
        <source>Top-p</source>
        <translation>Top-p</translation>
    </message>
    <message>
        <source>Unload when idle</source>
        <translation>閒置時卸載</translation>
    </message>
    <message>
        <source> min</source>
        <translation> 分鐘</translation>
    </message>
    <message>
        <source>Never</source>
        <translation>永不</translation>
    </message>
    <message>
        <source>Automatic takes the graphics card where there is one.</source>
        <translation>自動：有顯示卡就使用顯示卡。</translation>
    </message>
    <message>
        <source>Fewer when the memory of the graphics card is too small.</source>
        <translation>顯示卡記憶體不足時，請調低。</translation>
    </message>
    <message>
        <source>Tokens that the model can see at once. More needs more memory.</source>
        <translation>模型一次能看到的字詞數。越多越佔記憶體。</translation>
    </message>
    <message>
        <source>0 is always the same answer; higher varies more.</source>
        <translation>0：每次回答都相同；越高變化越大。</translation>
    </message>
    <message>
        <source>Lower keeps to the likeliest words.</source>
        <translation>越低越只用最可能的字詞。</translation>
    </message>
    <message>
        <source>Gives its memory back after a while without advice.</source>
        <translation>一段時間沒有建議，就釋放記憶體。</translation>
    </message>
</context>
<context>
    <name>ModelTrial</name>
    <message>
        <source>Test</source>
        <translation>測試</translation>
    </message>
    <message>
        <source>Test the chosen model</source>
        <translation>測試選擇的模型</translation>
    </message>
    <message>
        <source>Gives a short task to the chosen model and shows its words.</source>
        <translation>給選擇的模型一個小題目，並顯示它的回答。</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Loading {0} …</source>
        <translation>正在載入 {0}…</translation>
    </message>
    <message>
        <source>First words after {0} s</source>
        <translation>{0} 秒後開始回答</translation>
    </message>
    <message>
        <source>Stopped.</source>
        <translation>已停止。</translation>
    </message>
    <message>
        <source>The test failed.</source>
        <translation>測試失敗。</translation>
    </message>
    <message>
        <source>The model said nothing.</source>
        <translation>模型沒有回答。</translation>
    </message>
    <message>
        <source>First words after {0} s, all of it after {1} s</source>
        <translation>{0} 秒後開始回答，{1} 秒完成</translation>
    </message>
</context>
<context>
    <name>ModelsPage</name>
    <message>
        <source>Language models</source>
        <translation>語言模型</translation>
    </message>
    <message>
        <source>Import a language model</source>
        <translation>匯入語言模型</translation>
    </message>
    <message>
        <source>Import file …</source>
        <translation>匯入檔案…</translation>
    </message>
    <message>
        <source>A model in the GGUF format is copied here. Only use files you trust.</source>
        <translation>GGUF 格式的模型會複製到這裡。請只使用你信任的檔案。</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>開啟資料夾</translation>
    </message>
    <message>
        <source>On this machine</source>
        <translation>這台電腦上</translation>
    </message>
    <message>
        <source>To download</source>
        <translation>可下載</translation>
    </message>
    <message>
        <source>Nothing is fetched before you press “Download”. What arrives is used only when its size and SHA-256 are those listed here. A file named {0} in the folder of your models adds entries of your own; for any other model, fetch it with a browser and import it.</source>
        <translation>在你按下「下載」之前，不會下載任何東西。下載的檔案只有在大小和 SHA-256 都與這裡列出的相同時才會使用。在模型資料夾放一個名為 {0} 的檔案，可以加入自己的項目；其他模型請用瀏覽器下載後匯入。</translation>
    </message>
    <message>
        <source>How it runs</source>
        <translation>執行方式</translation>
    </message>
    <message>
        <source>Try it</source>
        <translation>試試看</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>匯入</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>儲存</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Importing {0} …</source>
        <translation>正在匯入 {0}…</translation>
    </message>
    <message>
        <source>Cancel import</source>
        <translation>取消匯入</translation>
    </message>
    <message>
        <source>{0} is on this machine now. Press “Use” to choose it.</source>
        <translation>{0} 已在這台電腦上。按「使用」即可選用。</translation>
    </message>
    <message>
        <source>The import was cancelled.</source>
        <translation>已取消匯入。</translation>
    </message>
</context>
<context>
    <name>MomentCard</name>
    <message>
        <source>Back to the live picture (Esc)</source>
        <translation>回到即時畫面（Esc）</translation>
    </message>
    <message>
        <source>Back to the live picture</source>
        <translation>回到即時畫面</translation>
    </message>
    <message>
        <source>The picture of this moment is no longer kept.</source>
        <translation>這一刻的畫面已經不在了。</translation>
    </message>
</context>
<context>
    <name>MuteButton</name>
    <message>
        <source>Mute the coach&apos;s voice</source>
        <translation>教練靜音</translation>
    </message>
    <message>
        <source>Let the coach speak ({0})</source>
        <translation>讓教練說話（{0}）</translation>
    </message>
    <message>
        <source>Mute the coach&apos;s voice ({0})</source>
        <translation>教練靜音（{0}）</translation>
    </message>
</context>
<context>
    <name>OfferTile</name>
    <message>
        <source>Your entry</source>
        <translation>自訂項目</translation>
    </message>
    <message>
        <source>from {0}</source>
        <translation>來自 {0}</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暫停</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>捨棄</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>繼續</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>下載</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{0} / {1}</translation>
    </message>
    <message>
        <source>Checking the file: {0}</source>
        <translation>正在檢查檔案：{0}</translation>
    </message>
    <message>
        <source>{0} · the connection broke, trying again</source>
        <translation>{0} · 連線中斷，正在重試</translation>
    </message>
    <message>
        <source>{0} · paused</source>
        <translation>{0} · 已暫停</translation>
    </message>
    <message>
        <source>{0} s left</source>
        <translation>剩 {0} 秒</translation>
    </message>
    <message>
        <source>{0} min left</source>
        <translation>剩 {0} 分鐘</translation>
    </message>
</context>
<context>
    <name>PoseFile</name>
    <message>
        <source>Use the bundled pose model</source>
        <translation>使用內建的姿勢模型</translation>
    </message>
    <message>
        <source>Pose model</source>
        <translation>姿勢模型</translation>
    </message>
    <message>
        <source>Pose models of MediaPipe</source>
        <translation>MediaPipe 姿勢模型</translation>
    </message>
    <message>
        <source>Choose a pose model</source>
        <translation>選擇姿勢模型</translation>
    </message>
    <message>
        <source>Bundled</source>
        <translation>內建</translation>
    </message>
    <message>
        <source>Choose a pose model (now: {0})</source>
        <translation>選擇姿勢模型（目前：{0}）</translation>
    </message>
</context>
<context>
    <name>PromptDialog</name>
    <message>
        <source>What was the model told?</source>
        <translation>模型收到了什麼？</translation>
    </message>
    <message>
        <source>This text, and nothing else, was given to the language model on this machine.</source>
        <translation>只有這段文字交給了這台電腦上的語言模型。</translation>
    </message>
    <message>
        <source>Prompt</source>
        <translation>提示內容</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>複製</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>關閉</translation>
    </message>
</context>
<context>
    <name>QtSpeaker</name>
    <message>
        <source>Looking for a voice …</source>
        <translation>正在尋找語音…</translation>
    </message>
    <message>
        <source>This machine has no speech engine. Everything the coach says is on the screen.</source>
        <translation>這台電腦沒有語音引擎。教練說的話都會顯示在畫面上。</translation>
    </message>
    <message>
        <source>To hear it: sudo apt-get install speech-dispatcher speech-dispatcher-espeak-ng</source>
        <translation>要聽到聲音，請執行：sudo apt-get install speech-dispatcher speech-dispatcher-espeak-ng</translation>
    </message>
    <message>
        <source>The speech engine does not answer ({0}). Everything is on the screen.</source>
        <translation>語音引擎沒有回應（{0}）。內容都會顯示在畫面上。</translation>
    </message>
    <message>
        <source>There is no voice for this language ({0}). Install one in the system&apos;s settings.</source>
        <translation>沒有這個語言的語音（{0}）。請在系統設定中安裝。</translation>
    </message>
</context>
<context>
    <name>QuestionBox</name>
    <message>
        <source>Ask about this workout …</source>
        <translation>問問這次運動…</translation>
    </message>
    <message>
        <source>Question to the coach</source>
        <translation>給教練的問題</translation>
    </message>
    <message>
        <source>Ask</source>
        <translation>發問</translation>
    </message>
    <message>
        <source>Ask the coach</source>
        <translation>問教練</translation>
    </message>
    <message>
        <source>Why?</source>
        <translation>為什麼？</translation>
    </message>
    <message>
        <source>What should I change first?</source>
        <translation>我應該先改什麼？</translation>
    </message>
    <message>
        <source>What went well?</source>
        <translation>哪裡做得好？</translation>
    </message>
    <message>
        <source>Is it better than the last set?</source>
        <translation>比上一組好嗎？</translation>
    </message>
    <message>
        <source>How many did I do?</source>
        <translation>我做了幾下？</translation>
    </message>
</context>
<context>
    <name>Rail</name>
    <message>
        <source>Choose a source</source>
        <translation>選擇來源</translation>
    </message>
    <message>
        <source>Start or pause (Space, or raise both arms for a second)</source>
        <translation>開始或暫停（空白鍵，或舉起雙手一秒）</translation>
    </message>
    <message>
        <source>Mirror the picture (M)</source>
        <translation>鏡像畫面（M）</translation>
    </message>
    <message>
        <source>Show why: heat on the joints (H)</source>
        <translation>顯示原因：關節熱度（H）</translation>
    </message>
    <message>
        <source>Delayed view</source>
        <translation>延遲畫面</translation>
    </message>
    <message>
        <source>Show or hide the coach&apos;s panel (P)</source>
        <translation>顯示或隱藏教練面板（P）</translation>
    </message>
    <message>
        <source>Full screen (F11)</source>
        <translation>全螢幕（F11）</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>設定</translation>
    </message>
</context>
<context>
    <name>SettingsPage</name>
    <message>
        <source>Settings</source>
        <translation>設定</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>自動</translation>
    </message>
    <message>
        <source>Device for the network</source>
        <translation>辨識使用的裝置</translation>
    </message>
    <message>
        <source>As the desktop</source>
        <translation>與系統相同</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>淺色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>外觀</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>語言</translation>
    </message>
    <message>
        <source>{0} s ahead</source>
        <translation>提前 {0} 秒</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>關閉</translation>
    </message>
    <message>
        <source>Ghost</source>
        <translation>預測身影</translation>
    </message>
    <message>
        <source>Calm</source>
        <translation>平穩</translation>
    </message>
    <message>
        <source>Energetic</source>
        <translation>有活力</translation>
    </message>
    <message>
        <source>Brief</source>
        <translation>簡短</translation>
    </message>
    <message>
        <source>How the coach speaks</source>
        <translation>教練的語氣</translation>
    </message>
    <message>
        <source>Threads for the language model</source>
        <translation>語言模型的執行緒數</translation>
    </message>
    <message>
        <source>Models …</source>
        <translation>模型…</translation>
    </message>
    <message>
        <source>Language model</source>
        <translation>語言模型</translation>
    </message>
    <message>
        <source>Pose on the graphics card</source>
        <translation>用顯示卡偵測姿勢</translation>
    </message>
    <message>
        <source>Coach speaks after a set</source>
        <translation>每組結束後給建議</translation>
    </message>
    <message>
        <source>Mirror the picture</source>
        <translation>鏡像畫面</translation>
    </message>
    <message>
        <source>Heat on the joints</source>
        <translation>關節熱度</translation>
    </message>
    <message>
        <source>Face joints</source>
        <translation>臉部關節點</translation>
    </message>
    <message>
        <source>“Stand here” outline</source>
        <translation>「站在這裡」輪廓</translation>
    </message>
    <message>
        <source>Raise both arms to start or pause</source>
        <translation>舉起雙手來開始或暫停</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>畫面</translation>
    </message>
    <message>
        <source>Like a looking-glass. Left and right stay right in the data.</source>
        <translation>像照鏡子一樣。資料中的左右不會顛倒。</translation>
    </message>
    <message>
        <source>Shows which joints mattered for what the network named.</source>
        <translation>顯示哪些關節影響了辨識結果。</translation>
    </message>
    <message>
        <source>A dashed second skeleton: where you are expected to be a moment later.</source>
        <translation>虛線的第二個骨架：預期你稍後會在的位置。</translation>
    </message>
    <message>
        <source>Draws eyes, ears and nose as well.</source>
        <translation>也畫出眼睛、耳朵和鼻子。</translation>
    </message>
    <message>
        <source>Before the first set: where to stand, and whether the whole body is seen.</source>
        <translation>第一組開始前：顯示要站的位置，以及是否看得到全身。</translation>
    </message>
    <message>
        <source>Hold both arms up for a second.</source>
        <translation>舉起雙手並維持一秒。</translation>
    </message>
    <message>
        <source>Recognition</source>
        <translation>辨識</translation>
    </message>
    <message>
        <source>The network that names exercise and form.</source>
        <translation>辨識運動和動作的模型。</translation>
    </message>
    <message>
        <source>Automatic takes the graphics card where there is one.</source>
        <translation>自動：有顯示卡就使用顯示卡。</translation>
    </message>
    <message>
        <source>Falls back to the processor where that does not work, and says so.</source>
        <translation>如果無法使用，會改用處理器並告訴你。</translation>
    </message>
    <message>
        <source>Finds the joints. A lite or heavy one of MediaPipe can be chosen (.task file).</source>
        <translation>用來找出關節。可以改用 MediaPipe 的輕量或高精度模型（.task 檔）。</translation>
    </message>
    <message>
        <source>Coach</source>
        <translation>教練</translation>
    </message>
    <message>
        <source>A language model on this machine. Off: fixed phrases and cues only.</source>
        <translation>使用這台電腦上的語言模型。關閉時只有固定語句和提示。</translation>
    </message>
    <message>
        <source>The words of advice and answers.</source>
        <translation>建議和回答的用詞。</translation>
    </message>
    <message>
        <source>Which model speaks, and how it runs.</source>
        <translation>由哪個模型說話，以及如何執行。</translation>
    </message>
    <message>
        <source>One is best beside the camera.</source>
        <translation>使用攝影機時，一個最合適。</translation>
    </message>
    <message>
        <source>Voice</source>
        <translation>語音</translation>
    </message>
    <message>
        <source>Colours of the window.</source>
        <translation>視窗的顏色。</translation>
    </message>
    <message>
        <source>Of the window and the coach, who speaks English or Chinese.</source>
        <translation>視窗和教練的語言；教練會說英文或中文。</translation>
    </message>
    <message>
        <source>{0} (missing)</source>
        <translation>{0}（找不到）</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>儲存</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>ShelfTile</name>
    <message>
        <source>Bundled</source>
        <translation>內建</translation>
    </message>
    <message>
        <source>Another folder</source>
        <translation>其他資料夾</translation>
    </message>
    <message>
        <source>licence not stated</source>
        <translation>未標示授權</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>使用</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>刪除</translation>
    </message>
    <message>
        <source>Delete {0}</source>
        <translation>刪除 {0}</translation>
    </message>
    <message>
        <source>Really delete?</source>
        <translation>確定刪除？</translation>
    </message>
    <message>
        <source>Press again to delete {0}</source>
        <translation>再按一次就會刪除 {0}</translation>
    </message>
    <message>
        <source>In use</source>
        <translation>使用中</translation>
    </message>
    <message>
        <source>Use another model first, and save.</source>
        <translation>請先選用其他模型並儲存。</translation>
    </message>
</context>
<context>
    <name>SourceButton</name>
    <message>
        <source>Source: {0}</source>
        <translation>來源：{0}</translation>
    </message>
    <message>
        <source>Choose a source (now: {0})</source>
        <translation>選擇來源（目前：{0}）</translation>
    </message>
</context>
<context>
    <name>SourcePicker</name>
    <message>
        <source>Demo</source>
        <translation>示範</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>攝影機</translation>
    </message>
    <message>
        <source>No camera found</source>
        <translation>找不到攝影機</translation>
    </message>
    <message>
        <source>Open a video …</source>
        <translation>開啟影片…</translation>
    </message>
    <message>
        <source>Open a folder of pictures …</source>
        <translation>開啟圖片資料夾…</translation>
    </message>
    <message>
        <source>Open a stream …</source>
        <translation>開啟串流…</translation>
    </message>
    <message>
        <source>Demo: a rendered athlete</source>
        <translation>示範：繪製的運動員</translation>
    </message>
    <message>
        <source>Videos</source>
        <translation>影片</translation>
    </message>
    <message>
        <source>All files</source>
        <translation>所有檔案</translation>
    </message>
    <message>
        <source>Open a video</source>
        <translation>開啟影片</translation>
    </message>
    <message>
        <source>Open a folder of pictures</source>
        <translation>開啟圖片資料夾</translation>
    </message>
    <message>
        <source>Open a stream</source>
        <translation>開啟串流</translation>
    </message>
    <message>
        <source>Address of an MJPEG or RTSP stream:</source>
        <translation>MJPEG 或 RTSP 串流的網址：</translation>
    </message>
</context>
<context>
    <name>SpeechSettings</name>
    <message>
        <source>The coach speaks aloud</source>
        <translation>開啟教練語音</translation>
    </message>
    <message>
        <source>Voice</source>
        <translation>語音</translation>
    </message>
    <message>
        <source>Speed of the voice</source>
        <translation>語速</translation>
    </message>
    <message>
        <source>Volume of the voice</source>
        <translation>音量</translation>
    </message>
    <message>
        <source>Say something</source>
        <translation>試聽</translation>
    </message>
    <message>
        <source>Hear the voice</source>
        <translation>試聽語音</translation>
    </message>
    <message>
        <source>Short cues while you move, advice after a set.</source>
        <translation>運動時簡短提示，每組結束後給建議。</translation>
    </message>
    <message>
        <source>Of the coach&apos;s language, from the system.</source>
        <translation>系統提供的語音，配合教練的語言。</translation>
    </message>
    <message>
        <source>In the middle it is the voice&apos;s own.</source>
        <translation>中間是語音原本的速度。</translation>
    </message>
    <message>
        <source>Other sound gives way while the coach speaks.</source>
        <translation>教練說話時，其他聲音會變小。</translation>
    </message>
    <message>
        <source>With the voice, speed and volume of this page.</source>
        <translation>使用這一頁的語音、語速和音量。</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>自動</translation>
    </message>
    <message>
        <source>{0} (not here)</source>
        <translation>{0}（不在這台電腦上）</translation>
    </message>
</context>
<context>
    <name>StatusBar</name>
    <message>
        <source>Offline</source>
        <translation>離線</translation>
    </message>
    <message>
        <source>Everything runs on this machine. Nothing is sent anywhere.</source>
        <translation>一切都在這台電腦上執行，不會傳送任何資料。</translation>
    </message>
    <message>
        <source>Not a medical device</source>
        <translation>非醫療器材</translation>
    </message>
    <message>
        <source>FIAS gives training hints. It does not diagnose and does not replace a doctor.</source>
        <translation>FIAS 提供訓練提示，不做診斷，也不能取代醫師。</translation>
    </message>
    <message>
        <source>Source: {0}</source>
        <translation>來源：{0}</translation>
    </message>
    <message>
        <source>{0} fps · lag {1} ms</source>
        <translation>每秒 {0} 張 · 延遲 {1} 毫秒</translation>
    </message>
    <message>
        <source>Shown: {0} fps, source: {1} fps, pose: {2} fps. Heat is {3} ms old.</source>
        <translation>每秒顯示 {0} 張，來源 {1} 張，姿勢 {2} 張。熱度是 {3} 毫秒前的。</translation>
    </message>
    <message>
        <source>Pose</source>
        <translation>姿勢</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>辨識</translation>
    </message>
    <message>
        <source>Coach</source>
        <translation>教練</translation>
    </message>
</context>
<context>
    <name>Strips</name>
    <message>
        <source>Class probabilities over 20 seconds</source>
        <translation>20 秒內各類別的機率</translation>
    </message>
    <message>
        <source>Heat by joint over 20 seconds</source>
        <translation>20 秒內各關節的熱度</translation>
    </message>
    <message>
        <source>Why: joints that mattered</source>
        <translation>為什麼：重要的關節</translation>
    </message>
    <message>
        <source>now</source>
        <translation>現在</translation>
    </message>
    <message>
        <source>What the network sees</source>
        <translation>辨識結果</translation>
    </message>
</context>
<context>
    <name>Tile</name>
    <message>
        <source>Needs about {0} of memory</source>
        <translation>大約需要 {0} 記憶體</translation>
    </message>
    <message>
        <source>Needs {0} of memory and some to spare, {1} free.</source>
        <translation>需要 {0} 以上的記憶體，目前可用 {1}。</translation>
    </message>
</context>
<context>
    <name>VideoCanvas</name>
    <message>
        <source>Live picture</source>
        <translation>即時畫面</translation>
    </message>
    <message>
        <source>{0} s ago</source>
        <translation>{0} 秒前</translation>
    </message>
    <message>
        <source>Delay of {0} s is filling up</source>
        <translation>正在累積 {0} 秒的延遲畫面</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>已暫停</translation>
    </message>
</context>
<context>
    <name>engine</name>
    <message>
        <source>No camera was found.</source>
        <translation>找不到攝影機。</translation>
    </message>
    <message>
        <source>Plug a camera in and try again, or open a video file, a stream or the demo.</source>
        <translation>請接上攝影機再試一次，或開啟影片、串流或示範。</translation>
    </message>
    <message>
        <source>Plug a camera in, or open a video file or the demo.</source>
        <translation>請接上攝影機，或開啟影片或示範。</translation>
    </message>
    <message>
        <source>There is no camera called {0}.</source>
        <translation>沒有名為 {0} 的攝影機。</translation>
    </message>
    <message>
        <source>{0} cameras are called {1}.</source>
        <translation>有 {0} 台攝影機名為 {1}。</translation>
    </message>
    <message>
        <source>Known cameras: {0}.</source>
        <translation>可用的攝影機：{0}。</translation>
    </message>
    <message>
        <source>Choose one by its number.</source>
        <translation>請用編號選擇。</translation>
    </message>
    <message>
        <source>The camera {0} was lost.</source>
        <translation>攝影機 {0} 中斷了。</translation>
    </message>
    <message>
        <source>The camera {0} delivers no picture.</source>
        <translation>攝影機 {0} 沒有畫面。</translation>
    </message>
    <message>
        <source>Close other programs that use it, open its shutter, or plug it in again.</source>
        <translation>請關閉其他正在使用它的程式、打開鏡頭蓋，或重新插上。</translation>
    </message>
    <message>
        <source>The camera {0} may not be used by this account.</source>
        <translation>這個帳號沒有使用攝影機 {0} 的權限。</translation>
    </message>
    <message>
        <source>Add the account to the group `video` and log in again.</source>
        <translation>請把帳號加入群組 `video`，再重新登入。</translation>
    </message>
    <message>
        <source>The camera {0} could not be opened.</source>
        <translation>無法開啟攝影機 {0}。</translation>
    </message>
    <message>
        <source>Check that it is plugged in, that no other program uses it and that this program may use cameras; or open a video file or the demo.</source>
        <translation>請確認已接上、沒有其他程式在使用，而且本程式有使用攝影機的權限；或開啟影片或示範。</translation>
    </message>
    <message>
        <source>{0} is back.</source>
        <translation>{0} 恢復了。</translation>
    </message>
    <message>
        <source>The pictures are back.</source>
        <translation>畫面恢復了。</translation>
    </message>
    <message>
        <source>{0} stopped sending pictures.</source>
        <translation>{0} 不再傳送畫面。</translation>
    </message>
    <message>
        <source>Check the cable or the address.</source>
        <translation>請檢查線路或網址。</translation>
    </message>
    <message>
        <source>It is tried again every {0} seconds.</source>
        <translation>每 {0} 秒會再試一次。</translation>
    </message>
    <message>
        <source>The stream {0} was lost.</source>
        <translation>串流 {0} 中斷了。</translation>
    </message>
    <message>
        <source>Check its cable.</source>
        <translation>請檢查線路。</translation>
    </message>
    <message>
        <source>Check the address, the network and that the camera is switched on.</source>
        <translation>請檢查網址、網路，以及攝影機是否已開啟。</translation>
    </message>
    <message>
        <source>{0} sends no video.</source>
        <translation>{0} 沒有傳送影像。</translation>
    </message>
    <message>
        <source>{0} answers, but not with a video.</source>
        <translation>{0} 有回應，但不是影像。</translation>
    </message>
    <message>
        <source>{0} answers, but there is no stream at this path.</source>
        <translation>{0} 有回應，但這個路徑沒有串流。</translation>
    </message>
    <message>
        <source>{0} did not answer within {1} seconds.</source>
        <translation>{0} 在 {1} 秒內沒有回應。</translation>
    </message>
    <message>
        <source>{0} asks for a user name and a password (http://user:password@...).</source>
        <translation>{0} 需要使用者名稱和密碼（http://user:password@...）。</translation>
    </message>
    <message>
        <source>{0} does not answer with a video.</source>
        <translation>{0} 沒有傳回影像。</translation>
    </message>
    <message>
        <source>{0} does not answer.</source>
        <translation>{0} 沒有回應。</translation>
    </message>
    <message>
        <source>This is a rendered athlete, not a person.</source>
        <translation>這是繪製的運動員，不是真人。</translation>
    </message>
    <message>
        <source>{0} does not exist.</source>
        <translation>{0} 不存在。</translation>
    </message>
    <message>
        <source>{0} is empty (0 bytes).</source>
        <translation>{0} 是空的（0 位元組）。</translation>
    </message>
    <message>
        <source>{0} is not a video this program can read, or it is cut off.</source>
        <translation>{0} 不是可讀取的影片，或影片不完整。</translation>
    </message>
    <message>
        <source>{0} holds no picture that can be read.</source>
        <translation>{0} 裡沒有可讀取的畫面。</translation>
    </message>
    <message>
        <source>{0} is so damaged that reading it failed; it was not opened.</source>
        <translation>{0} 損壞嚴重，無法讀取，因此沒有開啟。</translation>
    </message>
    <message>
        <source>{0} may not be read.</source>
        <translation>沒有讀取 {0} 的權限。</translation>
    </message>
    <message>
        <source>{0} could not be opened.</source>
        <translation>無法開啟 {0}。</translation>
    </message>
    <message>
        <source>{0} could not be opened within {1} seconds.</source>
        <translation>{1} 秒內無法開啟 {0}。</translation>
    </message>
    <message>
        <source>{0} could not be checked.</source>
        <translation>無法檢查 {0}。</translation>
    </message>
    <message>
        <source>{0} could not be checked: {1}.</source>
        <translation>無法檢查 {0}：{1}。</translation>
    </message>
    <message>
        <source>{0} could not be read: {1}.</source>
        <translation>無法讀取 {0}：{1}。</translation>
    </message>
    <message>
        <source>The folder {0} holds no pictures that can be read.</source>
        <translation>資料夾 {0} 裡沒有可讀取的圖片。</translation>
    </message>
    <message>
        <source>{0} images could not be read and were left out.</source>
        <translation>有 {0} 張圖片無法讀取，已略過。</translation>
    </message>
    <message>
        <source>The file is cut off: about {0} of {1} seconds are there.</source>
        <translation>檔案不完整：{1} 秒中大約只有 {0} 秒。</translation>
    </message>
    <message>
        <source>The file is damaged: only {0} of {1} pictures could be read.</source>
        <translation>檔案損壞：{1} 個畫面中只能讀取 {0} 個。</translation>
    </message>
    <message>
        <source>What could be read was shown.</source>
        <translation>能讀取的部分都已播放。</translation>
    </message>
    <message>
        <source>Choose another file.</source>
        <translation>請選擇其他檔案。</translation>
    </message>
    <message>
        <source>Choose another folder.</source>
        <translation>請選擇其他資料夾。</translation>
    </message>
    <message>
        <source>Choose a folder with JPEG or PNG files.</source>
        <translation>請選擇有 JPEG 或 PNG 檔案的資料夾。</translation>
    </message>
    <message>
        <source>Record or copy it again, or choose another file.</source>
        <translation>請重新錄製或複製，或選擇其他檔案。</translation>
    </message>
    <message>
        <source>Change the file&apos;s permissions or copy it to a folder of yours.</source>
        <translation>請修改檔案權限，或複製到自己的資料夾。</translation>
    </message>
    <message>
        <source>Check the path, or choose the file with the file dialog.</source>
        <translation>請檢查路徑，或用檔案視窗選擇檔案。</translation>
    </message>
    <message>
        <source>Start the program again; if that does not help, install it again.</source>
        <translation>請重新啟動程式；如果還是不行，請重新安裝。</translation>
    </message>
    <message>
        <source>Close other programs.</source>
        <translation>請關閉其他程式。</translation>
    </message>
    <message>
        <source>{0} could not be written: {1}.</source>
        <translation>無法寫入 {0}：{1}。</translation>
    </message>
    <message>
        <source>The folder {0} cannot be made: {1}.</source>
        <translation>無法建立資料夾 {0}：{1}。</translation>
    </message>
    <message>
        <source>Free some space and try again.</source>
        <translation>請清出一些空間再試一次。</translation>
    </message>
    <message>
        <source>Free some space or choose another folder.</source>
        <translation>請清出一些空間，或選擇其他資料夾。</translation>
    </message>
    <message>
        <source>Free some space or set FIAS_HOME.</source>
        <translation>請清出一些空間，或設定 FIAS_HOME。</translation>
    </message>
    <message>
        <source>Free some space or set FIAS_HOME to another folder.</source>
        <translation>請清出一些空間，或把 FIAS_HOME 設為其他資料夾。</translation>
    </message>
    <message>
        <source>Check the disk and try again.</source>
        <translation>請檢查磁碟再試一次。</translation>
    </message>
    <message>
        <source>{0} is no name for captions.</source>
        <translation>{0} 不能當字幕檔名。</translation>
    </message>
    <message>
        <source>Choose a name that ends with .srt or .vtt.</source>
        <translation>請使用以 .srt 或 .vtt 結尾的檔名。</translation>
    </message>
    <message>
        <source>There is no set to speak about yet.</source>
        <translation>還沒有可以討論的一組動作。</translation>
    </message>
    <message>
        <source>Do a few repetitions first.</source>
        <translation>請先做幾下。</translation>
    </message>
    <message>
        <source>The engine could not be started.</source>
        <translation>無法啟動分析引擎。</translation>
    </message>
    <message>
        <source>Look at the first message, then start FIAS again.</source>
        <translation>請看第一則訊息，然後重新啟動 FIAS。</translation>
    </message>
    <message>
        <source>The program&apos;s own files are missing.</source>
        <translation>程式檔案不完整。</translation>
    </message>
    <message>
        <source>Install FIAS Desktop again.</source>
        <translation>請重新安裝 FIAS Desktop。</translation>
    </message>
    <message>
        <source>{0} is missing in {1}.</source>
        <translation>{1} 裡缺少 {0}。</translation>
    </message>
    <message>
        <source>{0} is damaged: {1}.</source>
        <translation>{0} 損壞了：{1}。</translation>
    </message>
    <message>
        <source>The recogniser ran out of memory.</source>
        <translation>辨識模型的記憶體不足。</translation>
    </message>
    <message>
        <source>Close other programs and start again.</source>
        <translation>請關閉其他程式再重新開始。</translation>
    </message>
    <message>
        <source>The model {0} is not there.</source>
        <translation>找不到模型 {0}。</translation>
    </message>
    <message>
        <source>Known models: {0}.</source>
        <translation>可用的模型：{0}。</translation>
    </message>
    <message>
        <source>Choose one in the settings.</source>
        <translation>請在設定中選擇。</translation>
    </message>
    <message>
        <source>The model card in {0} is not complete: {1}.</source>
        <translation>{0} 裡的模型卡不完整：{1}。</translation>
    </message>
    <message>
        <source>The card of the model {0} does not fit: {1}.</source>
        <translation>模型 {0} 的模型卡不符：{1}。</translation>
    </message>
    <message>
        <source>{0} of the model {1} cannot be read: {2}.</source>
        <translation>無法讀取模型 {1} 的 {0}：{2}。</translation>
    </message>
    <message>
        <source>{0} of the model {1} is empty.</source>
        <translation>模型 {1} 的 {0} 是空的。</translation>
    </message>
    <message>
        <source>{0} of the model {1} is damaged or not the file its card names.</source>
        <translation>模型 {1} 的 {0} 損壞了，或不是模型卡所指的檔案。</translation>
    </message>
    <message>
        <source>{0} of the model {1} holds values that are not numbers.</source>
        <translation>模型 {1} 的 {0} 含有不是數字的值。</translation>
    </message>
    <message>
        <source>The weights of the model {0} do not fit its card: {1}.</source>
        <translation>模型 {0} 的權重與模型卡不符：{1}。</translation>
    </message>
    <message>
        <source>Import the model again.</source>
        <translation>請重新匯入模型。</translation>
    </message>
    <message>
        <source>Import the model again, or install FIAS Desktop again if it came with the program.</source>
        <translation>請重新匯入模型；如果是內建模型，請重新安裝 FIAS Desktop。</translation>
    </message>
    <message>
        <source>This model needs the picture of the person as well as the joints.</source>
        <translation>這個模型除了關節，還需要人物的畫面。</translation>
    </message>
    <message>
        <source>Use it with a camera or a video, or choose a model that needs joints only.</source>
        <translation>請搭配攝影機或影片使用，或選擇只需要關節的模型。</translation>
    </message>
    <message>
        <source>The pose estimator (mediapipe) is not installed.</source>
        <translation>沒有安裝姿勢偵測（mediapipe）。</translation>
    </message>
    <message>
        <source>The pose estimator cannot start: {0}.</source>
        <translation>無法啟動姿勢偵測：{0}。</translation>
    </message>
    <message>
        <source>The pose estimator failed: {0}.</source>
        <translation>姿勢偵測失敗：{0}。</translation>
    </message>
    <message>
        <source>The pose model {0} cannot be read: {1}.</source>
        <translation>無法讀取姿勢模型 {0}：{1}。</translation>
    </message>
    <message>
        <source>{0} is not a pose model, or it is damaged.</source>
        <translation>{0} 不是姿勢模型，或已損壞。</translation>
    </message>
    <message>
        <source>Until then the bundled pose model is used.</source>
        <translation>在那之前使用內建的姿勢模型。</translation>
    </message>
    <message>
        <source>Start the source again; if it goes on, install the program again.</source>
        <translation>請重新開啟來源；如果持續發生，請重新安裝程式。</translation>
    </message>
    <message>
        <source>Choose another pose model, or install FIAS Desktop again.</source>
        <translation>請選擇其他姿勢模型，或重新安裝 FIAS Desktop。</translation>
    </message>
    <message>
        <source>Choose another .task file, or none to use the one that comes with the program.</source>
        <translation>請選擇其他 .task 檔案；不選就使用內建的。</translation>
    </message>
    <message>
        <source>Squats, lunges and push-ups of one adult, whole body in the picture. Trained on simulated movement and a little motion capture, not on real video: form errors are hints. Not a medical device.</source>
        <translation>辨識一位成人的深蹲、弓箭步和伏地挺身，全身都要在畫面中。以模擬動作和少量動作捕捉資料訓練，沒有使用真實影片：動作問題僅供參考。非醫療器材。</translation>
    </message>
    <message>
        <source>Until then the phrasebook speaks.</source>
        <translation>在那之前使用固定語句。</translation>
    </message>
    <message>
        <source>It starts again by itself.</source>
        <translation>它會自動重新啟動。</translation>
    </message>
    <message>
        <source>Start again.</source>
        <translation>請重新開始。</translation>
    </message>
    <message>
        <source>Choose another GGUF file in the settings, or leave the field empty for the bundled model.</source>
        <translation>請在設定中選擇其他 GGUF 檔案，或留空以使用內建模型。</translation>
    </message>
    <message>
        <source>The language model {0} is empty (0 bytes).</source>
        <translation>語言模型 {0} 是空的（0 位元組）。</translation>
    </message>
    <message>
        <source>The language model {0} cannot be read: {1}.</source>
        <translation>無法讀取語言模型 {0}：{1}。</translation>
    </message>
    <message>
        <source>The language model {0} is damaged: {1}.</source>
        <translation>語言模型 {0} 損壞了：{1}。</translation>
    </message>
    <message>
        <source>{0} is not a GGUF file.</source>
        <translation>{0} 不是 GGUF 檔案。</translation>
    </message>
    <message>
        <source>{0} has GGUF version {1}, which is not supported.</source>
        <translation>{0} 是 GGUF 第 {1} 版，目前不支援。</translation>
    </message>
    <message>
        <source>The language model {0} needs about {1} GB of memory, but only {2} GB are free.</source>
        <translation>語言模型 {0} 大約需要 {1} GB 記憶體，但目前只有 {2} GB 可用。</translation>
    </message>
    <message>
        <source>Close other programs or choose a smaller model in the settings.</source>
        <translation>請關閉其他程式，或在設定中選擇較小的模型。</translation>
    </message>
    <message>
        <source>The language model {0} could not be loaded: {1}.</source>
        <translation>無法載入語言模型 {0}：{1}。</translation>
    </message>
    <message>
        <source>The language model {0} was not loaded within {1} s.</source>
        <translation>語言模型 {0} 在 {1} 秒內沒有載入完成。</translation>
    </message>
    <message>
        <source>The language model {0} could not answer: {1}.</source>
        <translation>語言模型 {0} 無法回答：{1}。</translation>
    </message>
    <message>
        <source>The language model {0} took longer than {1} s to answer.</source>
        <translation>語言模型 {0} 超過 {1} 秒還沒有回答。</translation>
    </message>
    <message>
        <source>The language model {0} took more than the {1} of memory it may take.</source>
        <translation>語言模型 {0} 使用的記憶體超過上限 {1}。</translation>
    </message>
    <message>
        <source>The language model {0} stopped unexpectedly.</source>
        <translation>語言模型 {0} 意外停止。</translation>
    </message>
    <message>
        <source>The language model {0} stopped {1} times in a row.</source>
        <translation>語言模型 {0} 連續停止了 {1} 次。</translation>
    </message>
    <message>
        <source>The language model&apos;s process cannot start: {0}.</source>
        <translation>無法啟動語言模型的程序：{0}。</translation>
    </message>
    <message>
        <source>The language model was closed.</source>
        <translation>語言模型已關閉。</translation>
    </message>
    <message>
        <source>Another model with the name {0} is there already.</source>
        <translation>已有另一個名為 {0} 的模型。</translation>
    </message>
    <message>
        <source>Rename the file that you want to import, or delete the other model first.</source>
        <translation>請先替要匯入的檔案改名，或刪除另一個模型。</translation>
    </message>
    <message>
        <source>{0} is not one of your models, so it is not deleted.</source>
        <translation>{0} 不是你的模型，因此不會刪除。</translation>
    </message>
    <message>
        <source>Delete it by hand.</source>
        <translation>請自行刪除。</translation>
    </message>
    <message>
        <source>{0} cannot be deleted: {1}.</source>
        <translation>無法刪除 {0}：{1}。</translation>
    </message>
    <message>
        <source>Close what uses it and try again.</source>
        <translation>請關閉正在使用它的程式再試一次。</translation>
    </message>
    <message>
        <source>This model is there already: {0} ({1}).</source>
        <translation>已經有這個模型：{0}（{1}）。</translation>
    </message>
    <message>
        <source>Choose “Use” there.</source>
        <translation>請在那裡按「使用」。</translation>
    </message>
    <message>
        <source>{0} is only one of {1} parts of a model.</source>
        <translation>{0} 只是模型的 {1} 個部分之一。</translation>
    </message>
    <message>
        <source>Use a model that is a single file.</source>
        <translation>請使用單一檔案的模型。</translation>
    </message>
    <message>
        <source>{0} is no language model (its architecture is {1}).</source>
        <translation>{0} 不是語言模型（架構是 {1}）。</translation>
    </message>
    <message>
        <source>Choose a chat model.</source>
        <translation>請選擇對話模型。</translation>
    </message>
    <message>
        <source>The disk has {0} GB free, but {1} GB are needed.</source>
        <translation>磁碟剩餘 {0} GB，但需要 {1} GB。</translation>
    </message>
    <message>
        <source>The disk is full: {0} could not be written.</source>
        <translation>磁碟已滿：無法寫入 {0}。</translation>
    </message>
    <message>
        <source>Another download is under way.</source>
        <translation>已有另一個下載正在進行。</translation>
    </message>
    <message>
        <source>Wait for it, or pause it first.</source>
        <translation>請等它完成，或先暫停它。</translation>
    </message>
    <message>
        <source>{0} is there already.</source>
        <translation>已經有 {0}。</translation>
    </message>
    <message>
        <source>Delete it first to download it again.</source>
        <translation>要重新下載，請先刪除它。</translation>
    </message>
    <message>
        <source>The download from {0} stopped: {1}.</source>
        <translation>從 {0} 的下載中斷了：{1}。</translation>
    </message>
    <message>
        <source>Press “Continue” to try again; what has arrived is kept.</source>
        <translation>按「繼續」再試一次；已下載的部分會保留。</translation>
    </message>
    <message>
        <source>What arrived from {0} is not the promised file: {1}.</source>
        <translation>從 {0} 下載的不是預期的檔案：{1}。</translation>
    </message>
    <message>
        <source>It was thrown away.</source>
        <translation>檔案已捨棄。</translation>
    </message>
    <message>
        <source>Try again later, or look for a newer catalogue.</source>
        <translation>請稍後再試，或尋找較新的目錄。</translation>
    </message>
    <message>
        <source>The file on {0} has another size than the catalogue says ({1} bytes instead of {2}).</source>
        <translation>{0} 上的檔案大小與目錄不同（{1} 位元組，應為 {2}）。</translation>
    </message>
    <message>
        <source>It was probably changed since; look for a newer catalogue.</source>
        <translation>檔案可能已更新；請尋找較新的目錄。</translation>
    </message>
    <message>
        <source>{0} wants a password ({1}).</source>
        <translation>{0} 需要密碼（{1}）。</translation>
    </message>
    <message>
        <source>{0} refuses it ({1}).</source>
        <translation>{0} 拒絕下載（{1}）。</translation>
    </message>
    <message>
        <source>{0} does not have it ({1}).</source>
        <translation>{0} 上沒有這個檔案（{1}）。</translation>
    </message>
    <message>
        <source>{0} does not have it any more ({1}).</source>
        <translation>{0} 上已經沒有這個檔案（{1}）。</translation>
    </message>
    <message>
        <source>{0} answered with an error ({1}).</source>
        <translation>{0} 傳回錯誤（{1}）。</translation>
    </message>
    <message>
        <source>{0} sends us on to an unsafe address ({1}).</source>
        <translation>{0} 轉到不安全的網址（{1}）。</translation>
    </message>
    <message>
        <source>Look for a newer catalogue, or fetch the file with a browser and import it.</source>
        <translation>請尋找較新的目錄，或用瀏覽器下載檔案再匯入。</translation>
    </message>
    <message>
        <source>{0} cannot prove who it is ({1}).</source>
        <translation>無法確認 {0} 的身分（{1}）。</translation>
    </message>
    <message>
        <source>Check the clock of this machine and its network.</source>
        <translation>請檢查這台電腦的時間和網路。</translation>
    </message>
    <message>
        <source>The server does not go on where the download stopped.</source>
        <translation>伺服器無法從中斷處繼續下載。</translation>
    </message>
    <message>
        <source>Cancel it and start again.</source>
        <translation>請取消後重新開始。</translation>
    </message>
    <message>
        <source>The smallest one; quick on any machine, simple in its words.</source>
        <translation>最小的模型；在任何電腦上都很快，用詞簡單。</translation>
    </message>
    <message>
        <source>A good balance of wording and speed.</source>
        <translation>用詞和速度兼顧。</translation>
    </message>
    <message>
        <source>English only.</source>
        <translation>只會英文。</translation>
    </message>
    <message>
        <source>3.8 billion parameters; wants a graphics card or patience.</source>
        <translation>38 億個參數；需要顯示卡或耐心。</translation>
    </message>
    <message>
        <source>Strong for its size; wants a graphics card or patience.</source>
        <translation>以它的大小來說表現很好；需要顯示卡或耐心。</translation>
    </message>
    <message>
        <source>The largest here; for a graphics card with 6 GB or more.</source>
        <translation>這裡最大的模型；適合 6 GB 以上的顯示卡。</translation>
    </message>
    <message>
        <source>English</source>
        <translation>英文</translation>
    </message>
    <message>
        <source>Chinese</source>
        <translation>中文</translation>
    </message>
    <message>
        <source>and more</source>
        <translation>其他語言</translation>
    </message>
    <message>
        <source>Not counted: {0}.</source>
        <translation>沒有算：{0}。</translation>
    </message>
    <message>
        <source>Not counted: the recogniser takes it for {0} ({1}).</source>
        <translation>沒有算：看起來是{0}（{1}）。</translation>
    </message>
    <message>
        <source>It is still under way.</source>
        <translation>還在進行中。</translation>
    </message>
    <message>
        <source>squat</source>
        <translation>深蹲</translation>
    </message>
    <message>
        <source>lunge</source>
        <translation>弓箭步</translation>
    </message>
    <message>
        <source>push-up</source>
        <translation>伏地挺身</translation>
    </message>
    <message>
        <source>idle</source>
        <translation>休息</translation>
    </message>
    <message>
        <source>it did not go down far enough</source>
        <translation>下得不夠低</translation>
    </message>
    <message>
        <source>it took only {0} s</source>
        <translation>只花了 {0} 秒</translation>
    </message>
    <message>
        <source>it took {0} s</source>
        <translation>花了 {0} 秒</translation>
    </message>
    <message>
        <source>the bottom was held for {0} s</source>
        <translation>在最低點停了 {0} 秒</translation>
    </message>
    <message>
        <source>the recording ended before the top was reached again</source>
        <translation>影片在回到最高點之前就結束了</translation>
    </message>
    <message>
        <source>the posture changed in the middle</source>
        <translation>中途換了姿勢</translation>
    </message>
    <message>
        <source>the top was not reached again</source>
        <translation>沒有回到最高點</translation>
    </message>
    <message>
        <source>one foot was far ahead of the other</source>
        <translation>一腳在另一腳前面太多</translation>
    </message>
    <message>
        <source>only one knee was bent</source>
        <translation>只彎了一邊膝蓋</translation>
    </message>
    <message>
        <source>the knees were hardly bent</source>
        <translation>膝蓋幾乎沒有彎</translation>
    </message>
    <message>
        <source>knees and hips did not bend together</source>
        <translation>膝蓋和髖部沒有一起彎</translation>
    </message>
    <message>
        <source>the hips were hardly bent</source>
        <translation>髖部幾乎沒有彎</translation>
    </message>
    <message>
        <source>the feet moved apart or together</source>
        <translation>雙腳張開或併攏了</translation>
    </message>
    <message>
        <source>the hands went to the floor</source>
        <translation>手碰到了地面</translation>
    </message>
    <message>
        <source>the trunk was bent over or leaned back</source>
        <translation>上身彎下去或往後仰了</translation>
    </message>
    <message>
        <source>the weight went behind the feet, as when sitting down</source>
        <translation>重心移到腳後面，像是坐下</translation>
    </message>
    <message>
        <source>the weight was behind the feet, as when sitting</source>
        <translation>重心在腳後面，像是坐著</translation>
    </message>
    <message>
        <source>the feet were level</source>
        <translation>雙腳沒有前後分開</translation>
    </message>
    <message>
        <source>the front knee was hardly bent</source>
        <translation>前膝幾乎沒有彎</translation>
    </message>
    <message>
        <source>the chest did not face the floor</source>
        <translation>胸口沒有朝向地面</translation>
    </message>
    <message>
        <source>one hand left the floor</source>
        <translation>一隻手離開了地面</translation>
    </message>
    <message>
        <source>one leg was raised or drawn up</source>
        <translation>一隻腳抬起或收起來了</translation>
    </message>
    <message>
        <source>the elbows were hardly bent</source>
        <translation>手肘幾乎沒有彎</translation>
    </message>
    <message>
        <source>CPU (chosen in the settings)</source>
        <translation>CPU（在設定中選擇）</translation>
    </message>
    <message>
        <source>CPU (no CUDA or MPS device)</source>
        <translation>CPU（沒有 CUDA 或 MPS 裝置）</translation>
    </message>
    <message>
        <source>CPU ({0} was chosen but is not available)</source>
        <translation>CPU（選擇了 {0}，但無法使用）</translation>
    </message>
    <message>
        <source>CPU ({0} ran out of memory)</source>
        <translation>CPU（{0} 的記憶體用完了）</translation>
    </message>
    <message>
        <source>CPU ({0} has too little memory)</source>
        <translation>CPU（{0} 的記憶體不足）</translation>
    </message>
    <message>
        <source>CPU (GPU delegate failed: {0})</source>
        <translation>CPU（無法使用 GPU：{0}）</translation>
    </message>
    <message>
        <source>CPU, {0} thread</source>
        <translation>CPU，{0} 個執行緒</translation>
    </message>
    <message>
        <source>CPU, {0} threads</source>
        <translation>CPU，{0} 個執行緒</translation>
    </message>
    <message>
        <source>CPU, {0} thread, {1}</source>
        <translation>CPU，{0} 個執行緒，{1}</translation>
    </message>
    <message>
        <source>CPU, {0} threads, {1}</source>
        <translation>CPU，{0} 個執行緒，{1}</translation>
    </message>
    <message>
        <source>GPU, all layers</source>
        <translation>GPU，全部層</translation>
    </message>
    <message>
        <source>GPU, {0} layers</source>
        <translation>GPU，{0} 層</translation>
    </message>
    <message>
        <source>the GPU failed</source>
        <translation>GPU 發生問題</translation>
    </message>
    <message>
        <source>the GPU had no room for it</source>
        <translation>GPU 記憶體不足</translation>
    </message>
    <message>
        <source>this llama.cpp knows no GPU</source>
        <translation>這個 llama.cpp 不支援 GPU</translation>
    </message>
    <message>
        <source>{0} ({1})</source>
        <translation>{0}（{1}）</translation>
    </message>
    <message>
        <source>Demo</source>
        <translation>示範</translation>
    </message>
    <message>
        <source>Demo: {0}</source>
        <translation>示範：{0}</translation>
    </message>
    <message>
        <source>loading</source>
        <translation>載入中</translation>
    </message>
    <message>
        <source>not loaded</source>
        <translation>未載入</translation>
    </message>
    <message>
        <source>unloaded until it is asked</source>
        <translation>待命中</translation>
    </message>
    <message>
        <source>off</source>
        <translation>關閉</translation>
    </message>
    <message>
        <source>phrasebook</source>
        <translation>固定語句</translation>
    </message>
    <message>
        <source>No such file or directory</source>
        <translation>沒有這個檔案或資料夾</translation>
    </message>
    <message>
        <source>Permission denied</source>
        <translation>沒有權限</translation>
    </message>
    <message>
        <source>No space left on device</source>
        <translation>磁碟空間不足</translation>
    </message>
    <message>
        <source>the connection broke</source>
        <translation>連線中斷</translation>
    </message>
    <message>
        <source>more arrived than the catalogue says</source>
        <translation>檔案比目錄記載的大</translation>
    </message>
    <message>
        <source>its SHA-256 is not the one in the catalogue</source>
        <translation>SHA-256 與目錄不同</translation>
    </message>
    <message>
        <source>The model {0} names {1}, and no exercise.</source>
        <translation>模型 {0} 辨識的是 {1}，不是運動。</translation>
    </message>
    <message>
        <source>Repetitions are counted and judged by the body&apos;s movement alone. Choose another model to have them named.</source>
        <translation>次數只依身體的動作計算與判斷。要辨識動作，請選擇其他模型。</translation>
    </message>
    <message>
        <source>The network {0} of the model {1} is not known.</source>
        <translation>不認識模型 {1} 的網路 {0}。</translation>
    </message>
    <message>
        <source>Known: {0}.</source>
        <translation>已知的有：{0}。</translation>
    </message>
    <message>
        <source>The streams of the model {0} are {1}.</source>
        <translation>模型 {0} 的資料流是 {1}。</translation>
    </message>
    <message>
        <source>Name some of {0}, each once.</source>
        <translation>請從 {0} 之中選幾個，每個只寫一次。</translation>
    </message>
    <message>
        <source>The model {0} asks for {1} blocks.</source>
        <translation>模型 {0} 要求 {1} 個區塊。</translation>
    </message>
    <message>
        <source>There are networks of {0} blocks.</source>
        <translation>現有的網路有 {0} 個區塊。</translation>
    </message>
    <message>
        <source>The model {0} asks for {1} units.</source>
        <translation>模型 {0} 要求 {1} 個單元。</translation>
    </message>
    <message>
        <source>There are networks of {0} units.</source>
        <translation>現有的網路有 {0} 個單元。</translation>
    </message>
    <message>
        <source>The model {0} asks for solver {1}.</source>
        <translation>模型 {0} 要求求解器 {1}。</translation>
    </message>
    <message>
        <source>Known: {0}, from 0 on.</source>
        <translation>已知的有：{0}，從 0 開始編號。</translation>
    </message>
    <message>
        <source>There is no joint {0}.</source>
        <translation>沒有 {0} 這個關節。</translation>
    </message>
    <message>
        <source>No joint is named for the attention stream.</source>
        <translation>注意力資料流沒有指定關節。</translation>
    </message>
    <message>
        <source>Joints of this skeleton: {0}.</source>
        <translation>這個骨架的關節：{0}。</translation>
    </message>
    <message>
        <source>The card of the model {0} asks for no pictures.</source>
        <translation>模型 {0} 的說明卡沒有要求影像。</translation>
    </message>
    <message>
        <source>The {0} weights in {1} do not fit: {2} is missing.</source>
        <translation>{1} 裡的 {0} 權重不合：缺少 {2}。</translation>
    </message>
    <message>
        <source>The {0} weights in {1} do not fit: {2}.</source>
        <translation>{1} 裡的 {0} 權重不合：{2}。</translation>
    </message>
    <message>
        <source>The {0} weights in {1} hold values that are not numbers: {2}.</source>
        <translation>{1} 裡的 {0} 權重含有不是數字的值：{2}。</translation>
    </message>
    <message>
        <source>The {0} weights in {1} cannot be read: {2}.</source>
        <translation>無法讀取 {1} 裡的 {0} 權重：{2}。</translation>
    </message>
    <message>
        <source>{0} is a pickled checkpoint, which could run a program when opened.</source>
        <translation>{0} 是序列化的檢查點，開啟時可能會執行程式。</translation>
    </message>
    <message>
        <source>{0} is not a demo.</source>
        <translation>{0} 不是示範。</translation>
    </message>
    <message>
        <source>The demo&apos;s {0} is not a number from {1} to {2}.</source>
        <translation>示範的 {0} 不是 {1} 到 {2} 之間的數字。</translation>
    </message>
    <message>
        <source>The demo&apos;s {0} is not a size such as {1}.</source>
        <translation>示範的 {0} 不是像 {1} 這樣的大小。</translation>
    </message>
    <message>
        <source>The demo has no option {0}.</source>
        <translation>示範沒有 {0} 這個選項。</translation>
    </message>
    <message>
        <source>Options: {0}.</source>
        <translation>選項：{0}。</translation>
    </message>
    <message>
        <source>The demo needs an exercise for its error, reps and tempo.</source>
        <translation>要設定問題、次數和節奏，示範需要先有動作。</translation>
    </message>
    <message>
        <source>The demo does not know {0}.</source>
        <translation>示範不認識 {0}。</translation>
    </message>
    <message>
        <source>It knows {0}.</source>
        <translation>它認識 {0}。</translation>
    </message>
    <message>
        <source>No exercise shown has the error {0}.</source>
        <translation>示範的動作都沒有 {0} 這個問題。</translation>
    </message>
    <message>
        <source>Known errors: {0}.</source>
        <translation>已知的問題：{0}。</translation>
    </message>
    <message>
        <source>Write for example: {0}</source>
        <translation>例如可以寫：{0}</translation>
    </message>
    <message>
        <source>{0} cannot be used with a folder.</source>
        <translation>{0} 不能用在資料夾上。</translation>
    </message>
    <message>
        <source>This version of mediapipe brings no pose model ({0}).</source>
        <translation>這個版本的 mediapipe 沒有附姿態模型（{0}）。</translation>
    </message>
    <message>
        <source>Install mediapipe {0}, or choose a pose model file (.task) in the settings.</source>
        <translation>請安裝 mediapipe {0}，或在設定裡選擇姿態模型檔（.task）。</translation>
    </message>
    <message>
        <source>{0} holds no picture.</source>
        <translation>{0} 裡沒有影像。</translation>
    </message>
    <message>
        <source>What could be read was analysed.</source>
        <translation>讀得到的部分已經分析了。</translation>
    </message>
    <message>
        <source>{0} compact</source>
        <translation>{0} 精簡版</translation>
    </message>
    <message>
        <source>FIAS coach</source>
        <translation>FIAS 教練</translation>
    </message>
    <message>
        <source>{0} {1}</source>
        <translation>{0}{1}</translation>
    </message>
    <message>
        <source>The answer is empty.</source>
        <translation>回答是空的。</translation>
    </message>
    <message>
        <source>The answer is too short.</source>
        <translation>回答太短。</translation>
    </message>
    <message>
        <source>The answer is too long.</source>
        <translation>回答太長。</translation>
    </message>
    <message>
        <source>The answer breaks off.</source>
        <translation>回答中斷了。</translation>
    </message>
    <message>
        <source>The answer repeats itself.</source>
        <translation>回答重複了。</translation>
    </message>
    <message>
        <source>It is not all in English.</source>
        <translation>回答不全是英文。</translation>
    </message>
    <message>
        <source>It is not all in Chinese.</source>
        <translation>回答不全是中文。</translation>
    </message>
    <message>
        <source>It has unreadable characters.</source>
        <translation>回答含有無法閱讀的字元。</translation>
    </message>
    <message>
        <source>It has a simplified character: {0}.</source>
        <translation>回答含有簡體字：{0}。</translation>
    </message>
    <message>
        <source>It speaks of health: {0}.</source>
        <translation>回答談到健康：{0}。</translation>
    </message>
    <message>
        <source>It gives unsafe advice: {0}.</source>
        <translation>回答給了不安全的建議：{0}。</translation>
    </message>
    <message>
        <source>It uses a technical word: {0}.</source>
        <translation>回答用了專業術語：{0}。</translation>
    </message>
    <message>
        <source>It is not plain text: {0}.</source>
        <translation>回答不是純文字：{0}。</translation>
    </message>
    <message>
        <source>It speaks of a fault that was not found: {0}.</source>
        <translation>回答提到沒有發現的問題：{0}。</translation>
    </message>
    <message>
        <source>It speaks of something that was not measured: {0}.</source>
        <translation>回答提到沒有量測的事：{0}。</translation>
    </message>
    <message>
        <source>It denies a fault that was found: {0}.</source>
        <translation>回答否認了已發現的問題：{0}。</translation>
    </message>
    <message>
        <source>It denies that there was a fault: {0}.</source>
        <translation>回答否認有問題：{0}。</translation>
    </message>
    <message>
        <source>It tells the opposite of a fault that was found: {0}.</source>
        <translation>回答說的和已發現的問題相反：{0}。</translation>
    </message>
    <message>
        <source>It does not name the main fault: {0}.</source>
        <translation>回答沒有說出主要問題：{0}。</translation>
    </message>
    <message>
        <source>It says the opposite of what helps against {0}: {1}.</source>
        <translation>回答和有幫助的做法相反。問題：{0}；說的是：{1}。</translation>
    </message>
    <message>
        <source>It leads astray from what helps against {0}: {1}.</source>
        <translation>回答偏離有幫助的做法。問題：{0}；說的是：{1}。</translation>
    </message>
    <message>
        <source>It gives advice for something that was not found: {0}.</source>
        <translation>回答針對沒有發現的問題給建議：{0}。</translation>
    </message>
    <message>
        <source>It names the wrong moment: {0}.</source>
        <translation>回答說錯了時刻：{0}。</translation>
    </message>
    <message>
        <source>It names the wrong side: {0}.</source>
        <translation>回答說錯了左右：{0}。</translation>
    </message>
    <message>
        <source>It names a body part that was not told: {0}.</source>
        <translation>回答提到沒有列出的部位：{0}。</translation>
    </message>
    <message>
        <source>It moves the wrong part: {0}.</source>
        <translation>回答要動的部位不對：{0}。</translation>
    </message>
    <message>
        <source>That is not where it showed most: {0}.</source>
        <translation>那裡不是最明顯的地方：{0}。</translation>
    </message>
    <message>
        <source>It names something that was not measured: {0}.</source>
        <translation>回答提到沒有量測的項目：{0}。</translation>
    </message>
    <message>
        <source>It proves a fault with the measurement of something else: {0}.</source>
        <translation>回答用別的量測來證明問題：{0}。</translation>
    </message>
    <message>
        <source>It names another exercise: {0}.</source>
        <translation>回答提到別的動作：{0}。</translation>
    </message>
    <message>
        <source>It says something that is not about this set: {0}.</source>
        <translation>回答提到和這組無關的內容：{0}。</translation>
    </message>
    <message>
        <source>It praises too much: {0}.</source>
        <translation>回答稱讚過頭：{0}。</translation>
    </message>
    <message>
        <source>It calls a value good that shows a fault: {0}.</source>
        <translation>回答稱讚了顯示有問題的數值：{0}。</translation>
    </message>
    <message>
        <source>It praises without a correct repetition: {0}.</source>
        <translation>沒有正確的次數，回答卻稱讚：{0}。</translation>
    </message>
    <message>
        <source>It says that no repetition was correct, which is not so: {0}.</source>
        <translation>回答說沒有一下正確，與事實不符：{0}。</translation>
    </message>
    <message>
        <source>It compares with a set that is not known.</source>
        <translation>回答和不知道的一組比較。</translation>
    </message>
    <message>
        <source>It does not compare with the last set.</source>
        <translation>回答沒有和上一組比較。</translation>
    </message>
    <message>
        <source>It does not say that there is no last set yet.</source>
        <translation>回答沒有說明還沒有上一組。</translation>
    </message>
    <message>
        <source>It says that there is no last set, but there is one: {0}.</source>
        <translation>回答說沒有上一組，其實有：{0}。</translation>
    </message>
    <message>
        <source>It says that the last set was better, which is not so.</source>
        <translation>回答說上一組比較好，與事實不符。</translation>
    </message>
    <message>
        <source>It says that the last set was worse, which is not so.</source>
        <translation>回答說上一組比較差，與事實不符。</translation>
    </message>
    <message>
        <source>It says that this set was better than the last one, which is not so: {0}.</source>
        <translation>回答說這組比上一組好，與事實不符：{0}。</translation>
    </message>
    <message>
        <source>It says that this set was worse than the last one, which is not so: {0}.</source>
        <translation>回答說這組比上一組差，與事實不符：{0}。</translation>
    </message>
    <message>
        <source>It says that this set was the same as the last one, which is not so: {0}.</source>
        <translation>回答說這組和上一組一樣，與事實不符：{0}。</translation>
    </message>
    <message>
        <source>It calls the repetitions steady, which was not measured.</source>
        <translation>回答說每一下都穩定，但沒有這樣的量測。</translation>
    </message>
    <message>
        <source>It calls the repetitions uneven, which was not measured.</source>
        <translation>回答說每一下不穩定，但沒有這樣的量測。</translation>
    </message>
    <message>
        <source>It calls something else steady or uneven than was measured: {0}.</source>
        <translation>回答說穩不穩定的不是量測的項目：{0}。</translation>
    </message>
    <message>
        <source>{0} is not the number of repetitions of this set.</source>
        <translation>{0} 不是這組的次數。</translation>
    </message>
    <message>
        <source>{0} is not the number of correct repetitions of this set.</source>
        <translation>{0} 不是這組正確的次數。</translation>
    </message>
    <message>
        <source>{0} is not the number of repetitions that did not count of this set.</source>
        <translation>{0} 不是這組沒有算的次數。</translation>
    </message>
    <message>
        <source>{0} is not the number of wrong repetitions of this set.</source>
        <translation>{0} 不是這一組做錯的次數。</translation>
    </message>
    <message>
        <source>{0} is not how often that was seen of this set.</source>
        <translation>{0} 不是這組看到的次數。</translation>
    </message>
    <message>
        <source>{0} is not a number of this set.</source>
        <translation>{0} 不是這組的數字。</translation>
    </message>
    <message>
        <source>{0} mixes up this set and the last one.</source>
        <translation>{0} 把這組和上一組弄混了。</translation>
    </message>
    <message>
        <source>{0} is not the number of correct repetitions.</source>
        <translation>{0} 不是正確的次數。</translation>
    </message>
    <message>
        <source>{0} is not the number of wrong repetitions.</source>
        <translation>{0} 不是做錯的次數。</translation>
    </message>
    <message>
        <source>{0} is not how often this fault was seen.</source>
        <translation>{0} 不是這個問題出現的次數。</translation>
    </message>
    <message>
        <source>{0} has a unit that was not measured.</source>
        <translation>{0} 的單位沒有量測。</translation>
    </message>
    <message>
        <source>{0} percent is not a number of this set.</source>
        <translation>{0}% 不是這組的數字。</translation>
    </message>
    <message>
        <source>Repetition {0} is not one that was told ({1}).</source>
        <translation>資料裡沒有提到第 {0} 下（{1}）。</translation>
    </message>
    <message>
        <source>Repetition {0} belongs to another fault ({1}).</source>
        <translation>第 {0} 下屬於別的問題（{1}）。</translation>
    </message>
    <message>
        <source>{0} degrees was not measured here.</source>
        <translation>這裡沒有量到 {0} 度。</translation>
    </message>
    <message>
        <source>{0} seconds was not measured here.</source>
        <translation>這裡沒有量到 {0} 秒。</translation>
    </message>
    <message>
        <source>{0} was not measured here.</source>
        <translation>這裡沒有量到 {0}。</translation>
    </message>
    <message>
        <source>{0} is not the lower bound.</source>
        <translation>{0} 不是下限。</translation>
    </message>
    <message>
        <source>{0} is not the upper bound.</source>
        <translation>{0} 不是上限。</translation>
    </message>
    <message>
        <source>{0} is not an expected value.</source>
        <translation>{0} 不是預期的值。</translation>
    </message>
    <message>
        <source>{0} is not how much the repetitions differed.</source>
        <translation>{0} 不是每一下之間的差異。</translation>
    </message>
    <message>
        <source>{0} is not what was measured.</source>
        <translation>{0} 不是量到的值。</translation>
    </message>
    <message>
        <source>not going deep enough</source>
        <translation>蹲得不夠深</translation>
    </message>
    <message>
        <source>knees moving inward</source>
        <translation>膝蓋內扣</translation>
    </message>
    <message>
        <source>feet too close together</source>
        <translation>雙腳站得太近</translation>
    </message>
    <message>
        <source>upper body leaning too far forward</source>
        <translation>上身太往前傾</translation>
    </message>
    <message>
        <source>knees travelling far past the toes</source>
        <translation>膝蓋超過腳尖太多</translation>
    </message>
    <message>
        <source>staying too high</source>
        <translation>蹲得太高</translation>
    </message>
    <message>
        <source>front knee travelling past the toes</source>
        <translation>前膝超過腳尖</translation>
    </message>
    <message>
        <source>upper body leaning over</source>
        <translation>上身歪斜</translation>
    </message>
    <message>
        <source>hips sinking</source>
        <translation>臀部下沉</translation>
    </message>
    <message>
        <source>hips pushed up too high</source>
        <translation>臀部抬得太高</translation>
    </message>
    <message>
        <source>elbows flaring out</source>
        <translation>手肘外張</translation>
    </message>
    <message>
        <source>not going low enough</source>
        <translation>下得不夠低</translation>
    </message>
</context>
<context>
    <name>hud</name>
    <message>
        <source>Nobody in the picture</source>
        <translation>畫面中沒有人</translation>
    </message>
    <message>
        <source>Movement not known</source>
        <translation>不明動作</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>準備好了</translation>
    </message>
</context>
<context>
    <name>names</name>
    <message>
        <source>Squat</source>
        <translation>深蹲</translation>
    </message>
    <message>
        <source>Lunge</source>
        <translation>弓箭步</translation>
    </message>
    <message>
        <source>Push-up</source>
        <translation>伏地挺身</translation>
    </message>
    <message>
        <source>Idle</source>
        <translation>休息</translation>
    </message>
    <message>
        <source>Good form</source>
        <translation>動作正確</translation>
    </message>
    <message>
        <source>Form not judged</source>
        <translation>動作無法判斷</translation>
    </message>
    <message>
        <source>Too shallow</source>
        <translation>不夠深</translation>
    </message>
    <message>
        <source>Knees inward</source>
        <translation>膝蓋內扣</translation>
    </message>
    <message>
        <source>Feet too close</source>
        <translation>雙腳太近</translation>
    </message>
    <message>
        <source>Leaning forward</source>
        <translation>上身太前傾</translation>
    </message>
    <message>
        <source>Knees past toes</source>
        <translation>膝蓋超過腳尖</translation>
    </message>
    <message>
        <source>Too high</source>
        <translation>蹲得太高</translation>
    </message>
    <message>
        <source>Knee past toes</source>
        <translation>前膝超過腳尖</translation>
    </message>
    <message>
        <source>Trunk leaning</source>
        <translation>上身歪斜</translation>
    </message>
    <message>
        <source>Hips sagging</source>
        <translation>臀部下沉</translation>
    </message>
    <message>
        <source>Hips too high</source>
        <translation>臀部太高</translation>
    </message>
    <message>
        <source>Elbows flared</source>
        <translation>手肘外張</translation>
    </message>
    <message>
        <source>Cue</source>
        <translation>提示</translation>
    </message>
    <message>
        <source>Language model</source>
        <translation>語言模型</translation>
    </message>
    <message>
        <source>Phrasebook</source>
        <translation>固定語句</translation>
    </message>
    <message>
        <source>Arms</source>
        <translation>手臂</translation>
    </message>
    <message>
        <source>Hips</source>
        <translation>臀部</translation>
    </message>
    <message>
        <source>Knees</source>
        <translation>膝蓋</translation>
    </message>
    <message>
        <source>Feet</source>
        <translation>腳</translation>
    </message>
    <message>
        <source>Legs</source>
        <translation>腿</translation>
    </message>
    <message>
        <source>Knee angle</source>
        <translation>膝蓋角度</translation>
    </message>
    <message>
        <source>Front knee angle</source>
        <translation>前膝角度</translation>
    </message>
    <message>
        <source>Rear knee angle</source>
        <translation>後膝角度</translation>
    </message>
    <message>
        <source>Hip angle</source>
        <translation>髖部角度</translation>
    </message>
    <message>
        <source>Elbow angle</source>
        <translation>手肘角度</translation>
    </message>
    <message>
        <source>Upper arm angle</source>
        <translation>上臂張開角度</translation>
    </message>
    <message>
        <source>Trunk lean</source>
        <translation>上身前傾角度</translation>
    </message>
    <message>
        <source>Trunk tilt</source>
        <translation>上身側傾角度</translation>
    </message>
    <message>
        <source>Foot distance</source>
        <translation>雙腳間距</translation>
    </message>
    <message>
        <source>Knee to foot distance</source>
        <translation>膝蓋間距</translation>
    </message>
    <message>
        <source>Hip line</source>
        <translation>臀部高出身體線的角度</translation>
    </message>
    <message>
        <source>left</source>
        <translation>左</translation>
    </message>
    <message>
        <source>right</source>
        <translation>右</translation>
    </message>
    <message>
        <source>toes</source>
        <translation>腳尖</translation>
    </message>
    <message>
        <source>shoulder</source>
        <translation>肩</translation>
    </message>
    <message>
        <source>elbow</source>
        <translation>手肘</translation>
    </message>
    <message>
        <source>wrist</source>
        <translation>手腕</translation>
    </message>
    <message>
        <source>hip</source>
        <translation>髖</translation>
    </message>
    <message>
        <source>knee</source>
        <translation>膝</translation>
    </message>
    <message>
        <source>ankle</source>
        <translation>腳踝</translation>
    </message>
    <message>
        <source>heel</source>
        <translation>腳跟</translation>
    </message>
    <message>
        <source>{0}: {1}</source>
        <translation>{0}：{1}</translation>
    </message>
    <message>
        <source>, </source>
        <translation>、</translation>
    </message>
    <message>
        <source>. </source>
        <translation>。</translation>
    </message>
    <message>
        <source>{0} {1}</source>
        <translation>{0}{1}</translation>
    </message>
    <message>
        <source>{0} s</source>
        <translation>{0} 秒</translation>
    </message>
    <message>
        <source>Seen by the network in 1 repetition, not measured</source>
        <translation>模型在 1 下中看到，沒有量測</translation>
    </message>
    <message>
        <source>Seen by the network in {0} repetitions, not measured</source>
        <translation>模型在 {0} 下中看到，沒有量測</translation>
    </message>
    <message>
        <source>{0} {1}, expected {2}</source>
        <translation>{0} {1}，應為 {2}</translation>
    </message>
</context>
<context>
    <name>silhouette</name>
    <message>
        <source>Stand in front of the camera.</source>
        <translation>請站到攝影機前面。</translation>
    </message>
    <message>
        <source>Come closer to the camera.</source>
        <translation>請靠近攝影機一點。</translation>
    </message>
    <message>
        <source>Move to the middle of the picture.</source>
        <translation>請移到畫面中間。</translation>
    </message>
    <message>
        <source>Tilt the camera up a little or step back.</source>
        <translation>把攝影機稍微往上，或往後退。</translation>
    </message>
    <message>
        <source>Tilt the camera down a little or step back.</source>
        <translation>把攝影機稍微往下，或往後退。</translation>
    </message>
    <message>
        <source>Step back until the whole body is in the picture.</source>
        <translation>請往後退，直到全身都在畫面中。</translation>
    </message>
    <message>
        <source>Make sure that nothing hides your body and that there is enough light.</source>
        <translation>請確認身體沒有被擋住，而且光線充足。</translation>
    </message>
    <message>
        <source>head</source>
        <translation>頭</translation>
    </message>
    <message>
        <source>arms</source>
        <translation>手臂</translation>
    </message>
    <message>
        <source>hips</source>
        <translation>臀部</translation>
    </message>
    <message>
        <source>knees</source>
        <translation>膝蓋</translation>
    </message>
    <message>
        <source>feet</source>
        <translation>腳</translation>
    </message>
    <message>
        <source>body</source>
        <translation>身體</translation>
    </message>
    <message>
        <source>Your whole body is in the picture. Start when you like.</source>
        <translation>全身都在畫面中，可以開始了。</translation>
    </message>
    <message>
        <source>Stand here, two to four metres from the camera.</source>
        <translation>請站在這裡，離攝影機二到四公尺。</translation>
    </message>
    <message>
        <source>Not in the picture: {0}.</source>
        <translation>不在畫面中：{0}。</translation>
    </message>
</context>
<context>
    <name>translation</name>
    <message>
        <source>No Chinese font is installed (on Linux: sudo apt-get install fonts-noto-cjk).</source>
        <translation>沒有安裝中文字型（Linux：sudo apt-get install fonts-noto-cjk）。</translation>
    </message>
</context>
</TS>
