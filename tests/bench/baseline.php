<?php
// What the gateway is measured against: create-receipt as a careful PHP script would do it, with
// the same checks and the same durability. Shop and register come from a file that opcache keeps;
// the database is one persistent connection a child, WAL, synchronous=FULL.
declare(strict_types=1);

function refuse(int $status, string $code, array $errors = []): never
{
    http_response_code($status);
    header('Content-Type: application/json');
    echo json_encode(['result' => false, 'code' => $code, 'error' => $code, 'errors' => $errors],
                     JSON_UNESCAPED_UNICODE);
    exit;
}

function fault(array &$errors, string $path, string $code): void
{
    $errors[] = ['path' => $path, 'code' => $code, 'message' => $code];
}

// Tag after the last underscore -> value.
function by_tag(array $object): array
{
    $tags = [];
    foreach ($object as $key => $value) {
        $at = strrpos((string)$key, '_');
        $tag = $at === false ? (string)$key : substr((string)$key, $at + 1);
        if (ctype_digit($tag)) {
            $tags[(int)$tag] = $value;
        }
    }
    return $tags;
}

// Roubles to kopecks, null if it is no amount with at most two places.
function kopecks(mixed $value): ?int
{
    if (!is_int($value) && !is_float($value)) {
        return null;
    }
    $exact = $value * 100;
    $rounded = (int)round($exact);
    return abs($exact - $rounded) > 1e-6 || $rounded < 0 || $rounded > 9999999999 ? null : $rounded;
}

function check_item(mixed $item, string $path, array &$errors): int
{
    if (!is_array($item)) {
        fault($errors, $path, 'wrong_type');
        return 0;
    }
    $tags = by_tag($item);
    if (!is_string($tags[1030] ?? null) || $tags[1030] === '') {
        fault($errors, "$path/1030", 'missing');
    }
    foreach ([1214 => [1, 7], 1212 => [1, 33], 1199 => [1, 12], 2108 => [0, 255]] as $tag => [$from, $to]) {
        $value = $tags[$tag] ?? null;
        if (!is_int($value) || $value < $from || $value > $to) {
            fault($errors, "$path/$tag", 'out_of_range');
        }
    }
    $price = kopecks($tags[1079] ?? null);
    $quantity = $tags[1023] ?? null;
    if ($price === null || (!is_int($quantity) && !is_float($quantity)) || $quantity <= 0) {
        fault($errors, "$path/1079", 'bad_number');
        return 0;
    }
    $amount = (int)round($price * $quantity);
    if (isset($tags[1043]) && abs((int)kopecks($tags[1043]) - $amount) > 1) {
        fault($errors, "$path/1043", 'does_not_match');
    }
    return isset($tags[1043]) ? (int)kopecks($tags[1043]) : $amount;
}

function check_receipt(array $data, string $path, array &$errors): void
{
    $items = $data['purchases'] ?? $data['1059'] ?? null;
    if (!is_array($items) || $items === [] || count($items) > 250) {
        fault($errors, "$path/purchases", 'missing');
        return;
    }
    $total = 0;
    foreach ($items as $number => $item) {
        $total += check_item($item, "$path/purchases/$number", $errors);
    }
    $tags = by_tag($data);
    if (!in_array($tags[1055] ?? null, [1, 2, 4, 8, 16, 32], true)) {
        fault($errors, "$path/1055", 'out_of_range');
    }
    if (!in_array($tags[1054] ?? null, [1, 2, 3, 4], true)) {
        fault($errors, "$path/1054", 'out_of_range');
    }
    $payments = by_tag(is_array($data['payments'] ?? null) ? $data['payments'] : []);
    $paid = 0;
    $cashless = 0;
    foreach ([1031, 1081, 1215, 1216, 1217] as $tag) {
        $sum = kopecks($payments[$tag] ?? 0);
        if ($sum === null) {
            fault($errors, "$path/payments/$tag", 'bad_number');
        }
        $paid += (int)$sum;
        $cashless += $tag === 1031 ? 0 : (int)$sum;
    }
    if ($paid < $total || $cashless > $total) {
        fault($errors, "$path/payments", 'does_not_match');
    }
}

function check_commands(mixed $commands): array
{
    $errors = [];
    if (!is_array($commands) || !array_is_list($commands) || count($commands) > 32) {
        return [['path' => '', 'code' => 'wrong_type', 'message' => 'wrong_type']];
    }
    foreach ($commands as $number => $command) {
        $path = "/$number";
        if (!is_array($command) || !is_string($command['type'] ?? null)) {
            fault($errors, "$path/type", 'missing');
        } elseif ($command['type'] === 'kktReceiptFiscalization') {
            is_array($command['data'] ?? null)
                ? check_receipt($command['data'], "$path/data", $errors)
                : fault($errors, "$path/data", 'missing');
        }
    }
    return $errors;
}

// SQLite here is built with synchronous=FULL as its default, and PDO waits a minute for a lock.
function connect(string $database): PDO
{
    return new PDO("sqlite:$database", null, null, [PDO::ATTR_PERSISTENT => true,
                                                    PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION]);
}

function store(PDO $pdo, array $row): array
{
    $insert = $pdo->prepare('INSERT INTO task (id, shop, order_id, content_hash, commands, callback_success,
        callback_failed, accepted_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (shop, order_id) DO NOTHING');
    $insert->execute($row);
    if ($insert->rowCount() === 1) {
        return ['created', $row[0]];
    }
    $find = $pdo->prepare('SELECT id, content_hash FROM task WHERE shop = ? AND order_id = ?');
    $find->execute([$row[1], $row[2]]);
    $present = $find->fetch(PDO::FETCH_NUM);
    return [$present[1] === $row[3] ? 'same' : 'conflict', $present[0]];
}

$settings = require $_SERVER['BASELINE_SETTINGS'];
$form = $_POST;
foreach (['BIT_ACCOUNT_ID', 'BIT_KKT_TOKEN', 'BIT_ORDER_ID', 'BIT_DATA', 'BIT_SIGNATURE'] as $name) {
    if (!is_string($form[$name] ?? null) || $form[$name] === '') {
        refuse(400, 'malformed', [['path' => $name, 'code' => 'missing', 'message' => 'missing']]);
    }
}
$success = $form['BIT_CALLBACK_SUCCESS'] ?? '';
$failed = $form['BIT_CALLBACK_FAILED'] ?? '';
$encoded = base64_decode(strtr($form['BIT_DATA'], ' -_', '++/'), true);
$data = $encoded === false ? '' : rawurldecode($encoded);
if ($data === '' || preg_match('//u', $data) !== 1) {
    refuse(400, 'malformed', [['path' => 'BIT_DATA', 'code' => 'malformed', 'message' => 'malformed']]);
}
$shop = $settings['shops'][$form['BIT_ACCOUNT_ID']] ?? null;
$signed = $form['BIT_ACCOUNT_ID'] . $form['BIT_KKT_TOKEN'] . $form['BIT_ORDER_ID'] . $data . $success . $failed;
if ($shop === null || !hash_equals(md5($signed . $shop['code']), strtolower($form['BIT_SIGNATURE']))) {
    refuse(401, 'unauthorized');
}
if (!in_array($form['BIT_KKT_TOKEN'], $shop['tokens'], true)) {
    refuse(403, 'forbidden');
}
foreach ([$success, $failed] as $url) {
    if ($url !== '' && !in_array(parse_url($url, PHP_URL_SCHEME), ['http', 'https'], true)) {
        refuse(400, 'malformed');
    }
}
$commands = json_decode($data, true, 16);
if (json_last_error() !== JSON_ERROR_NONE) {
    refuse(400, 'malformed');
}
$errors = check_commands($commands);
if ($errors !== []) {
    refuse(422, 'invalid', $errors);
}
$hash = hash('sha256', implode("\0", [$form['BIT_KKT_TOKEN'], $data, $success, $failed]), true);
$id = bin2hex(random_bytes(16));
[$what, $id] = store(connect($settings['database']), [$id, $shop['key'], $form['BIT_ORDER_ID'], $hash, $data,
                                                      $success, $failed, (int)(microtime(true) * 1000)]);
if ($what === 'conflict') {
    refuse(409, 'conflict');
}
http_response_code($what === 'created' ? 202 : 200);
header('Content-Type: application/json');
echo json_encode(['result' => true, 'id' => $id, 'order_id' => $form['BIT_ORDER_ID'], 'state' => 'queued',
                  'duplicate' => $what === 'same', 'status_url' => "/api/fiscal/receipts/$id",
                  'receipt_url' => "/r/$id"], JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES);
