<?php
declare(strict_types=1);

namespace Opencart\Admin\Controller\Extension\FiscalgateOpencart4\Module;

require_once DIR_EXTENSION . 'fiscalgate_opencart4/system/library/sdk/autoload.php';

use Fiscalgate\Sdk\OpenCart\Admin;
use Fiscalgate\Sdk\OpenCart\Generation;
use Fiscalgate\Sdk\OpenCart\Plugin;
use Fiscalgate\Sdk\OpenCart\SettingsPage;
use Fiscalgate\Sdk\OpenCart\Texts;

/**
 * Settings, the tab of an order, installing. What they do is in Admin; here is how OpenCart 4 is asked for it.
 */
class Fiscalgate extends \Opencart\System\Engine\Controller {
	public function index(): void {
		$text = $this->texts();
		$this->document->setTitle($text['heading_title']);
		$data = $this->admin()->page($this->hosts(), (int)$this->config->get('config_language_id'), $this->paymentNames(), $text);
		$data['back'] = $this->link('marketplace/extension', '&type=module');
		$data['breadcrumbs'] = [
			['text' => $text['text_home'], 'href' => $this->link('common/dashboard')],
			['text' => $text['text_extension'], 'href' => $data['back']],
			['text' => $text['heading_title'], 'href' => $this->link($this->route())]
		];
		foreach (['save', 'check', 'test'] as $method) {
			$data[$method] = $this->link($this->route($method));
		}
		foreach (['header', 'column_left', 'footer'] as $part) {
			$data[$part] = $this->load->controller('common/' . $part);
		}
		$this->response->setOutput($this->load->view($this->route(), $data));
	}

	public function save(): void {
		$this->answer(function () {
			$admin = $this->admin();
			$settings = $admin->posted($this->request->post, $this->hosts());
			$faults = $admin->faults($settings, $this->texts());
			if ($faults) {
				return $faults;
			}
			$this->load->model('setting/setting');
			$this->model_setting_setting->editSetting(SettingsPage::GROUP, $admin->stored($settings));
			$this->registerEvents();
			return ['success' => $this->texts()['text_saved']];
		});
	}

	public function check(): void {
		$this->answer(function () {
			$admin = $this->admin();
			return $admin->check($admin->posted($this->request->post, $this->hosts()), $this->texts());
		});
	}

	/** The page then opens the address of the probe: there the shop's own side says whether the event has come. */
	public function test(): void {
		$this->answer(function () {
			$missing = $this->plugin()->page()->missingEvents();
			if ($missing) {
				$this->registerEvents();
			}
			return $this->admin()->probe($missing, $this->hosts(), $this->texts());
		});
	}

	/** Before admin/view/sale/order_info. */
	public function tab(&$route = '', &$data = [], &$code = ''): void {
		if (empty($data['order_id']) || !$this->user->hasPermission('access', $this->route())) {
			return;
		}
		$this->plugin()->guard()->run(function () use (&$data) {
			$content = $this->panel((int)$data['order_id'], '', false);
			$data['tabs'][] = ['code' => 'fiscalgate', 'title' => $this->texts()['tab_title'], 'content' => $content];
		});
	}

	/** The buttons of the tab. */
	public function act(): void {
		$this->answer(function () {
			$fault = $this->admin()->act($this->request->post);
			$text = $this->texts();
			$order_id = isset($this->request->post['order_id']) ? (int)$this->request->post['order_id'] : 0;
			return ['html' => $this->panel($order_id, $fault === '' ? '' : $text[$fault], true)];
		});
	}

	public function install(): void {
		if (!$this->user->hasPermission('modify', 'extension/module')) {
			return;
		}
		$this->plugin()->operations()->createTable();
		$this->registerEvents();
		$this->load->model('setting/setting');
		$this->model_setting_setting->editSetting(SettingsPage::GROUP, $this->admin()->first($this->hosts()));
	}

	/** The settings are gone when this is called; what is loaded of them says whether the receipts go too. */
	public function uninstall(): void {
		if (!$this->user->hasPermission('modify', 'extension/module')) {
			return;
		}
		$this->load->model('setting/event');
		$this->load->model('setting/cron');
		$this->model_setting_event->deleteEventByCode(Generation::CODE);
		$this->model_setting_cron->deleteCronByCode(Generation::CODE);
		$this->admin()->forget((array)$this->config->get(SettingsPage::KEY));
	}

	/** The names of events are those of this version: after an update of OpenCart they are entered anew. */
	private function registerEvents(): void {
		$this->load->model('setting/event');
		$this->load->model('setting/cron');
		$this->model_setting_event->deleteEventByCode(Generation::CODE);
		foreach ($this->plugin()->generation()->events() as $trigger => $action) {
			$this->model_setting_event->addEvent([
				'code'        => Generation::CODE,
				'description' => 'Fiscalgate',
				'trigger'     => $trigger,
				'action'      => $action,
				'status'      => true,
				'sort_order'  => Generation::FIRST
			]);
		}
		$this->model_setting_cron->deleteCronByCode(Generation::CODE);
		$this->model_setting_cron->addCron(Generation::CODE, 'Fiscalgate', 'minute', $this->route('job'), true);
	}

	private function panel(int $order_id, string $message, bool $is_part): string {
		$data = [
			'panel'      => $this->plugin()->panel()->show($order_id),
			'text'       => $this->texts(),
			'message'    => $message,
			'is_part'    => $is_part,
			'can_modify' => $this->user->hasPermission('modify', $this->route()),
			'act'        => $this->link($this->route('act'))
		];
		return $this->load->view($this->route() . '_order', $data);
	}

	/** JSON of what the work gives, for those who may change something here. */
	private function answer(callable $work): void {
		$text = $this->texts();
		if (!$this->user->hasPermission('modify', $this->route())) {
			$json = ['error' => $text['error_permission']];
		} else {
			$json = $this->plugin()->guard()->run($work);
		}
		$this->response->addHeader('Content-Type: application/json');
		$this->response->setOutput(json_encode($json === null ? ['error' => $text['error_failed']] : $json));
	}

	private function paymentNames(): array {
		$this->load->model('setting/extension');
		$names = [];
		foreach ($this->model_setting_extension->getExtensionsByType('payment') as $extension) {
			$text = $this->load->language('extension/' . $extension['extension'] . '/payment/' . $extension['code']);
			$names[$extension['code']] = (string)($text['heading_title'] ?? $extension['code']);
		}
		return $names;
	}

	private function hosts(): array {
		return ['catalog' => HTTP_CATALOG . 'index.php?route=', 'site' => rtrim(HTTP_CATALOG, '/')];
	}

	private function texts(): array {
		return Texts::read(
			DIR_EXTENSION . 'fiscalgate_opencart4/admin/language/*/module/fiscalgate.php',
			(string)$this->config->get('config_language_admin')
		);
	}

	private function route(string $method = ''): string {
		return $this->plugin()->generation()->route($method);
	}

	private function link(string $route, string $more = ''): string {
		return str_replace('&amp;', '&', $this->url->link($route, 'user_token=' . $this->session->data['user_token'] . $more, true));
	}

	private function admin(): Admin {
		return new Admin($this->plugin());
	}

	private function plugin(): Plugin {
		$log = new \Opencart\System\Library\Log('fiscalgate.log');
		return new Plugin($this->db, DB_PREFIX, VERSION, [$log, 'write']);
	}
}
