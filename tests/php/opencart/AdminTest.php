<?php

declare(strict_types=1);

namespace Fiscalgate\OpenCartTests;

use Fiscalgate\OpenCartTests\Fakes\FakeShop;
use Fiscalgate\Sdk\Exception\TransportException;
use Fiscalgate\Sdk\Http\FakeTransport;
use Fiscalgate\Sdk\Http\Response;
use Fiscalgate\Sdk\OpenCart\Admin;
use Fiscalgate\Sdk\OpenCart\Operation;
use Fiscalgate\Sdk\OpenCart\SettingsPage;
use Fiscalgate\Sdk\OpenCart\Texts;
use PHPUnit\Framework\TestCase;

/**
 * What the admin's pages do, without the pages.
 */
final class AdminTest extends TestCase
{
    private const HOSTS = ['catalog' => 'https://shop.example/index.php?route=', 'site' => 'https://shop.example'];
    private const LANGUAGES = __DIR__ . '/../../../cms-plugins/opencart-common/language/*/fiscalgate.php';

    /** @return array<string, string> */
    private static function text(): array
    {
        return Texts::read(self::LANGUAGES, 'ru-ru');
    }

    public function testANewShopHasToChooseWhatTheLawAsks(): void
    {
        $shop = new FakeShop();
        $shop->db->run('DELETE FROM {setting}');
        $shop->insert('setting', ['store_id' => 0, 'key' => 'config_complete_status', 'value' => '["5","3"]']);
        $first = (new Admin($shop->plugin()))->first(self::HOSTS);
        $settings = $first[SettingsPage::KEY];
        self::assertSame(0, $first[SettingsPage::STATUS]);
        self::assertSame(
            [[5, 3], 0, 0, 'https://shop.example', date('Y-m-d')],
            [$settings['sale'], $settings['vat'], $settings['taxation'], $settings['site'], $settings['since']]
        );
        self::assertSame(40, strlen($settings['cronToken']));
        self::assertSame('https://shop.example/index.php?route=extension/module/fiscalgate/callback', $settings['callback']);
    }

    public function testSecretsAreKeptUnlessTheyAreTypedAnewAndNeverShown(): void
    {
        $shop = new FakeShop();
        $admin = new Admin($shop->plugin());
        $kept = $admin->posted(['code' => '', 'token' => ' ', 'enabled' => '1'], self::HOSTS);
        self::assertSame([FakeShop::CODE, 'token-of-the-register'], [$kept->text('code'), $kept->text('token')]);
        $new = $admin->posted(['code' => 'a&amp;b &lt;c&gt; &quot;d&quot;', 'cronToken' => 'mine'], self::HOSTS);
        self::assertSame(['a&b <c> "d"', 'cron'], [$new->text('code'), $new->text('cronToken')]);
        self::assertFalse($new->is('enabled'));
        $shown = json_encode($shop->plugin()->settings()->forPage(), JSON_UNESCAPED_UNICODE);
        self::assertStringNotContainsString(FakeShop::CODE, $shown);
        self::assertStringNotContainsString('token-of-the-register', $shown);
        self::assertStringContainsString('••••••••shop', $shown);
    }

    public function testSettingsAreThoseOfTheWholeShop(): void
    {
        $shop = new FakeShop();
        $shop->db->run('UPDATE {setting} SET `store_id` = 2 WHERE `key` = ?', SettingsPage::KEY);
        self::assertFalse($shop->plugin()->settings()->is('enabled'), 'another store of it has none of its own');
    }

    /**
     * @dataProvider wrong
     * @param array<string, mixed> $wrong
     */
    public function testWhatIsWrongIsSaidBesideItsField(string $field, array $wrong): void
    {
        $admin = new Admin((new FakeShop($wrong))->plugin());
        $faults = $admin->faults((new FakeShop($wrong))->plugin()->settings(), self::text());
        self::assertSame([$field], array_keys($faults['fields']));
        self::assertStringNotContainsString('error_', $faults['error'], 'a text, and no key');
    }

    /** @return array<string, array{string, array<string, mixed>}> */
    public static function wrong(): array
    {
        return [
            'an open address' => ['url', ['url' => 'http://gateway.example']],
            'no account' => ['account', ['account' => '']],
            'no token' => ['token', ['token' => '']],
            'no code' => ['code', ['code' => '']],
            'a callback with a password' => ['callback', ['callback' => 'http://a@b/']],
            'no regime' => ['taxation', ['taxation' => 0]],
            'no rate' => ['vat', ['vat' => 0]],
            'no rate of the delivery' => ['vatDelivery', ['vatDelivery' => 99]],
            'no rate of fees' => ['vatFees', ['vatFees' => '']],
            'a method that is not offered' => ['method', ['method' => 6]],
            'a prefix with blanks' => ['prefix', ['prefix' => 'a b']],
            'no day' => ['since', ['since' => 'yesterday']],
            'no site' => ['site', ['site' => 'my shop']],
            'no status' => ['sale', ['sale' => []]],
            'paid and refunded at once' => ['refund', ['refund' => [FakeShop::PAID]]],
            'no payment method' => ['payments', ['payments' => ['cod' => '']]],
        ];
    }

    public function testAPluginThatIsSwitchedOffMayBeSavedHalfDone(): void
    {
        $shop = new FakeShop(['enabled' => false, 'code' => '']);
        self::assertSame([], (new Admin($shop->plugin()))->faults($shop->plugin()->settings(), self::text()));
    }

    public function testTheConnectionIsCheckedWithWhatIsOnThePage(): void
    {
        $shop = new FakeShop();
        $transport = new FakeTransport(
            new Response(200, '{"result":true,"receipts":[{}],"warnings":[]}'),
            new Response(401, '{"result":false,"code":"unauthorized","error":"Неизвестный магазин"}'),
            new TransportException('no answer')
        );
        $admin = new Admin($shop->plugin($transport));
        $settings = $shop->plugin()->settings();
        self::assertSame(['success' => self::text()['text_checked']], $admin->check($settings, self::text()));
        self::assertStringContainsString('Неизвестный магазин', $admin->check($settings, self::text())['error']);
        self::assertStringContainsString(self::text()['reason_later'], $admin->check($settings, self::text())['error']);
        $shop->set(['code' => '']);
        self::assertSame(['code'], array_keys($admin->check($shop->plugin()->settings(), self::text())['fields']));
    }

    public function testButtonsOfAnOrder(): void
    {
        $shop = new FakeShop(['sale' => [99]]);
        $shop->plainOrder();
        $transport = new FakeTransport(FakeShop::accepted('1237'), FakeShop::accepted('1237-refund-1', 'fedcba9876543210'));
        $admin = new Admin($shop->plugin($transport));
        self::assertTrue($shop->plugin()->panel()->show(1237)['canSell']);
        self::assertSame('', $admin->act(['order_id' => '1237', 'action' => 'sell']));
        self::assertSame('queued', $shop->find(1237, Operation::SALE)->state());
        self::assertSame('error_there', $admin->act(['order_id' => '1237', 'action' => 'sell']));
        $shop->print(1237, Operation::SALE);
        self::assertSame('error_lines', $admin->act(['order_id' => '1237', 'action' => 'refund', 'number' => '1', 'lines' => ['0' => ' ']]));
        self::assertSame('error_quantity', $admin->act(['order_id' => '1237', 'action' => 'refund', 'number' => '1', 'lines' => ['0' => '4']]));
        self::assertSame('error_quantity', $admin->act(['order_id' => '1237', 'action' => 'refund', 'number' => '1', 'lines' => ['0' => 'x']]));
        $wish = ['order_id' => '1237', 'action' => 'refund', 'number' => '1', 'lines' => ['0' => '2', '1' => '0']];
        self::assertSame('', $admin->act($wish));
        self::assertSame('error_refund_there', $admin->act(['lines' => ['0' => '1']] + $wish));
        self::assertSame(6666, $shop->find(1237, 'refund-1')->total());
        $left = $shop->plugin()->panel()->show(1237)['lines'];
        self::assertSame([['1', 0], ['1', 1]], array_map(static function (array $line): array {
            return [$line['left'], $line['line']];
        }, $left));
        self::assertSame('error_order', $admin->act(['order_id' => '404', 'action' => 'sell']));
        self::assertSame('error_order', $admin->act(['order_id' => '1237', 'action' => 'retry', 'operation' => 'refund-9']));
        self::assertSame('error_order', $admin->act(['order_id' => '1237', 'action' => 'drop']));
    }

    public function testThePanelShowsTheMark(): void
    {
        $shop = new FakeShop();
        $shop->plainOrder();
        $shop->desk()->orderChanged(1237);
        $shop->print(1237, Operation::SALE);
        $view = $shop->plugin()->panel()->show(1237)['operations'][0];
        self::assertSame(
            ['done', '399.99', '9999078900000001', '41', '1234567890', false],
            [$view['state'], $view['total'], $view['drive'], $view['document'], $view['sign'], $view['canRetry']]
        );
        self::assertStringStartsWith('<svg', $view['qr']);
    }

    public function testOnlyAddressesOfTheWebBecomeLinks(): void
    {
        $shop = new FakeShop();
        $shop->plainOrder();
        $shop->desk()->orderChanged(1237);
        $answer = json_decode(FakeShop::accepted('1237')->getBody(), true);
        $transport = new FakeTransport(new Response(202, json_encode(['receipt_url' => 'javascript:alert(1)'] + $answer)));
        $shop->plugin($transport)->cron();
        self::assertSame('', $shop->plugin()->panel()->show(1237)['operations'][0]['page']);
    }

    public function testEventsThatAreMissingAreNamed(): void
    {
        $shop = new FakeShop([], '4.1.0.4');
        $events = $shop->plugin()->generation()->events();
        self::assertSame(array_keys($events), $shop->plugin()->page()->missingEvents());
        foreach ($events as $trigger => $action) {
            $shop->insert('event', ['code' => 'fiscalgate', 'trigger' => $trigger, 'action' => $action, 'status' => 1]);
        }
        self::assertSame([], $shop->plugin()->page()->missingEvents());
        $shop->db->run('UPDATE {event} SET `trigger` = ? WHERE `trigger` LIKE ?', 'catalog/model/checkout/order/addHistory/after', 'catalog%');
        self::assertSame(['catalog/model/checkout/order.addHistory/after'], $shop->plugin()->page()->missingEvents());
    }

    public function testFiscalDataStayUnlessTheOwnerSaysOtherwise(): void
    {
        $shop = new FakeShop();
        $shop->plainOrder();
        $shop->desk()->orderChanged(1237);
        $admin = new Admin($shop->plugin());
        $admin->forget([]);
        $admin->forget(['deleteData' => false]);
        self::assertNotNull($shop->operations()->find(1237, Operation::SALE));
        $shop->operations()->createTable();
        self::assertNotNull($shop->operations()->find(1237, Operation::SALE), 'installing again changes nothing');
        $admin->forget(['deleteData' => true]);
        $this->expectException(\PDOException::class);
        $shop->operations()->find(1237, Operation::SALE);
    }

    public function testBothLanguagesSayTheSame(): void
    {
        $russian = Texts::read(self::LANGUAGES, 'ru-ru');
        $english = Texts::read(self::LANGUAGES, 'de-de');
        self::assertSame(array_keys($english), array_keys($russian));
        self::assertSame('Receipts', $english['tab_title']);
        self::assertSame('Чеки', $russian['tab_title']);
        self::assertSame($russian, Texts::read(self::LANGUAGES, 'russian'));
        self::assertSame($english, Texts::read(self::LANGUAGES, '../../x'));
    }

    public function testEveryTextThatTemplatesAskForIsThere(): void
    {
        $text = self::text();
        foreach (glob(__DIR__ . '/../../../cms-plugins/opencart-common/view/*.twig') as $file) {
            preg_match_all('/text\.(\w+)/', (string) file_get_contents($file), $found);
            self::assertSame([], array_diff($found[1], array_keys($text)), basename($file));
        }
    }
}
